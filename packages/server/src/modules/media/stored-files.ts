import { mapTogether } from "../../kernel/map-together.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { MediaContext } from "./context.ts";
import { fileKey, packagePrefix } from "./package-paths.ts";
import type { PackageRow } from "./store/packages.ts";
import { findHeldFiles, listStoredFiles, markStored, type StoredFile } from "./store/uploads.ts";

/** The files that count as stored but are not there, or not whole: a disk was lost, or somebody cleared up. */
export async function findLostFiles(
  unit: Unit,
  context: MediaContext,
  owner: PackageRow,
): Promise<StoredFile[]> {
  const files = await listStoredFiles(unit, context, owner.id);
  if (files.length === 0) return [];
  const sizes = new Map<string, number>();
  for await (const { key, sizeBytes } of context.objects.list(packagePrefix(owner)))
    sizes.set(key, sizeBytes);
  return files.filter(({ path, size_bytes }) => sizes.get(fileKey(owner, path)) !== size_bytes);
}

const linksAtATime = 32;
/** A transaction waits meanwhile. What is not linked by then is uploaded as if nobody held it. */
const linkLimitMs = 10_000;

/** Stores what another package holds already, by the digest of the bytes; answers nothing that it could not. */
export async function adoptHeldFiles(unit: Unit, context: MediaContext, owner: PackageRow): Promise<void> {
  if (unit.validateOnly) return;
  const held = await findHeldFiles(unit, context, owner.id);
  const deadline = performance.now() + linkLimitMs;
  const linked = await mapTogether(held, linksAtATime, async ({ path, source }) => {
    if (performance.now() > deadline) return false;
    return context.objects.link(fileKey(source, source.path), fileKey(owner, path));
  });
  const ids = held.filter((_file, index) => linked[index] === true).map(({ id }) => id);
  if (ids.length > 0) await markStored(unit, context, ids, context.clock.now());
}
