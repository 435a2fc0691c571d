import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import * as store from "../store/assets.ts";

export const deleteAsset: Handler<"deleteAsset", MediaContext> = async ({ params, unit }, context) => {
  const there = await store.deleteAsset(unit, context, params.asset_id);
  if (!there) throw new FlixError("not_found", { detail: "There is no such asset." });
};
