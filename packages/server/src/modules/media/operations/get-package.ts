import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { findPackage } from "../store/packages.ts";
import { toPackage } from "../to-package.ts";

export const getPackage: Handler<"getPackage", MediaContext> = async ({ params, unit }, context) => {
  const row = await findPackage(unit, context, params.package_id);
  if (!row) throw new FlixError("not_found", { detail: "There is no such package." });
  return toPackage(row);
};
