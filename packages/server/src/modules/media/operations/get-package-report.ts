import type { components } from "@flix/openapi";
import { readObject } from "../../../engines/objects/read-object.ts";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { fileKey } from "../package-paths.ts";
import { findPackage, type PackageRow } from "../store/packages.ts";

type Report = components["schemas"]["PackageReport"];

export const getPackageReport: Handler<"getPackageReport", MediaContext> = async (
  { params, unit },
  context,
) => {
  const row = await findPackage(unit, context, params.package_id);
  if (!row) throw new FlixError("not_found", { detail: "There is no such package." });
  const report = await readReport(context, row);
  if (!report) throw new FlixError("not_found", { detail: "The package has no report." });
  return report;
};

/** A film of ten hours with thirty renditions has one of 60 MB; what is larger is no report. */
const largestBytes = 100_000_000;

async function readReport({ objects }: MediaContext, row: PackageRow): Promise<Report | undefined> {
  const key = fileKey(row, "package.json");
  const found = await objects.head(key);
  if (!found || found.sizeBytes > largestBytes) return undefined;
  const bytes = await readObject(objects, key);
  return bytes && parseReport(bytes.toString());
}

/** Others than the encoder may have uploaded a file of this name. */
function parseReport(text: string): Report | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
