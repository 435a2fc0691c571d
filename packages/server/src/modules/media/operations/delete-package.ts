import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { forgetUnusedKeys } from "../forget-keys.ts";
import { packagePrefix, packageStaging } from "../package-paths.ts";
import { requestDeletions } from "../store/deletions.ts";
import { lockPackage, removePackage } from "../store/packages.ts";

export const deletePackage: Handler<"deletePackage", MediaContext> = async ({ params, unit }, context) => {
  const row = await lockPackage(unit, context, params.package_id);
  if (!row) throw new FlixError("not_found", { detail: "There is no such package." });
  if (row.is_current) throw new FlixError("package_current");
  await removePackage(unit, context, row.id);
  await forgetUnusedKeys(unit, context, row.key_set_id);
  await requestDeletions(unit, context, [packagePrefix(row), packageStaging(row.id)]);
};
