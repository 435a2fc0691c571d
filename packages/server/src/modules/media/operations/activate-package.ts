import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { changePackage, findPackage, getPackage, lockPackagesOf } from "../store/packages.ts";
import { toPackage } from "../to-package.ts";

/** The current package, what the catalog says of it and the event change in one transaction, or not at all. */
export const activatePackage: Handler<"activatePackage", MediaContext> = async (
  { params, unit },
  context,
) => {
  const found = await findPackage(unit, context, params.package_id);
  const packages = found ? await lockPackagesOf(unit, context, found.title_id) : [];
  const row = packages.find(({ id }) => id === params.package_id);
  if (!row) throw new FlixError("not_found", { detail: "There is no such package." });
  if (row.state !== "ready") throw new FlixError("package_not_ready");
  if (!row.is_current) {
    const { id: package_id, title_id, duration_seconds } = row;
    const previous = packages.find(({ is_current }) => is_current);
    if (previous) await changePackage(unit, context, previous.id, { is_current: false });
    await changePackage(unit, context, row.id, { is_current: true });
    const current = { packageId: package_id, durationSeconds: duration_seconds };
    await context.catalog.setCurrentPackage(unit, title_id, current);
    const before = previous && { previous_package_id: previous.id };
    await unit.publish(context.database, {
      type: "package.activated",
      data: { title_id, package_id, ...before, duration_seconds },
    });
  }
  return toPackage(await getPackage(unit, context, row.id));
};
