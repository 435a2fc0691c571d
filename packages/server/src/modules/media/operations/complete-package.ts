import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";
import { fileDiffers, readSoon } from "../multipart-file.ts";
import { packageStaging } from "../package-paths.ts";
import { requestDeletions } from "../store/deletions.ts";
import { changePackage, getPackage, lockPackage } from "../store/packages.ts";
import { countPending, listUnread } from "../store/uploads.ts";
import { findLostFiles } from "../stored-files.ts";
import { toPackage } from "../to-package.ts";

export const completePackage: Handler<"completePackage", MediaContext> = async (
  { params, unit },
  context,
) => {
  const row = await lockPackage(unit, context, params.package_id);
  if (!row) throw new FlixError("not_found", { detail: "There is no such package." });
  if (row.state !== "ready") {
    const pending = await countPending(unit, context, row.id);
    if (pending.count > 0) {
      throwIfDiffering(context, row.id);
      const detail = `${pending.count} of ${row.file_count} files are missing, such as ${pending.first}.`;
      throw new FlixError("package_incomplete", { detail });
    }
    await requireRead(unit, context, row.id);
    // The records say that all is there; the store has the last word before viewers depend on it.
    const lost = await findLostFiles(unit, context, row);
    if (lost.length > 0) {
      const detail = `The store has lost ${lost.length} files, such as ${lost[0]?.path}: begin the package again, and they are asked for anew.`;
      throw new FlixError("package_incomplete", { detail });
    }
    await changePackage(unit, context, row.id, { state: "ready" });
    // A part that was sent straight to the store twice may have come after its file was made.
    await requestDeletions(unit, context, [packageStaging(row.id)]);
  }
  return toPackage(await getPackage(unit, context, row.id));
};

/** The reading that found it has dropped the file, so that it is missing now. */
function throwIfDiffering({ readings: { differing } }: MediaContext, packageId: string): void {
  const path = differing.get(packageId);
  differing.delete(packageId);
  if (path !== undefined) throw fileDiffers(path);
}

/** The store has checked the parts of large files, and nobody yet the whole. A request does not wait for gigabytes. */
async function requireRead(unit: Unit, context: MediaContext, packageId: string): Promise<void> {
  const unread = await listUnread(unit, context, packageId);
  if (unread.length === 0) return;
  if (!unit.validateOnly) for (const upload of unread) readSoon(context, upload);
  const detail = `${unread.length} files are still read, such as ${unread[0]?.path}.`;
  throw new FlixError("package_unverified", { detail, headers: { "retry-after": "1" } });
}
