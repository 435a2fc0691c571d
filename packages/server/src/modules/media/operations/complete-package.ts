import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { packageStaging } from "../package-paths.ts";
import { requestDeletions } from "../store/deletions.ts";
import { changePackage, getPackage, lockPackage } from "../store/packages.ts";
import { countPending } from "../store/uploads.ts";
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
      const detail = `${pending.count} of ${row.file_count} files are missing, such as ${pending.first}.`;
      throw new FlixError("package_incomplete", { detail });
    }
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
