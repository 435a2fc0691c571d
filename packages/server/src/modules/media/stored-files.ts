import type { Unit } from "../../kernel/unit.ts";
import type { MediaContext } from "./context.ts";
import { mapTogether } from "./map-together.ts";
import { fileKey } from "./package-paths.ts";
import type { PackageRow } from "./store/packages.ts";
import { findHeldFiles, listStoredFiles, markStored, type StoredFile } from "./store/uploads.ts";

const atATime = 32;

/** The files that count as stored but are not there, or not whole: a disk was lost, or somebody cleared up. */
export async function findLostFiles(
  unit: Unit,
  context: MediaContext,
  owner: PackageRow,
): Promise<StoredFile[]> {
  const files = await listStoredFiles(unit, context, owner.id);
  const found = await mapTogether(files, atATime, async ({ path, size_bytes }) => {
    const object = await context.objects.head(fileKey(owner, path));
    return object?.sizeBytes === size_bytes;
  });
  return files.filter((_file, index) => found[index] !== true);
}

/** Stores what another package holds already, by the digest of the bytes; answers nothing that it could not. */
export async function adoptHeldFiles(unit: Unit, context: MediaContext, owner: PackageRow): Promise<void> {
  if (unit.validateOnly) return;
  const held = await findHeldFiles(unit, context, owner.id);
  const linked = await mapTogether(held, atATime, ({ path, source }) =>
    context.objects.link(fileKey(source, source.path), fileKey(owner, path)),
  );
  const ids = held.filter((_file, index) => linked[index] === true).map(({ id }) => id);
  if (ids.length > 0) await markStored(unit, context, ids, context.clock.now());
}
