import { FlixError } from "../../../kernel/errors.ts";
import { answer, type Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { fileKey } from "../package-paths.ts";
import { findPackage } from "../store/packages.ts";

export const getPackageFile: Handler<"getPackageFile", MediaContext> = async ({ params, unit }, context) => {
  const row = await findPackage(unit, context, params.package_id);
  if (!row) throw new FlixError("not_found", { detail: "There is no such package." });
  const opened = await context.objects.open(fileKey(row, params.file_path));
  if (opened?.state !== "open") {
    throw new FlixError("not_found", { detail: `The package has no file ${params.file_path}.` });
  }
  return answer(200, opened.body, {
    "content-type": "application/octet-stream",
    "content-length": String(opened.sizeBytes),
  });
};
