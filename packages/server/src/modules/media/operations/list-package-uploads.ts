import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { findPackage } from "../store/packages.ts";
import { listUploads } from "../store/uploads.ts";
import { toUpload } from "../to-upload.ts";

export const listPackageUploads: Handler<"listPackageUploads", MediaContext> = async (
  { params, query, unit },
  context,
) => {
  const after = decodeCursor(query.cursor, ["string"] as const)?.[0];
  const owner = await findPackage(unit, context, params.package_id);
  if (!owner) throw new FlixError("not_found", { detail: "There is no such package." });
  const filters = { packageId: owner.id, state: query.state };
  const rows = await listUploads(unit, context, filters, { after, limit: pageLimit(query.page_size) });
  return pageOf(rows, query.page_size, toUpload, ({ path }) => [path]);
};
