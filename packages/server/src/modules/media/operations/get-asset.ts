import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { findAsset } from "../store/assets.ts";
import { toAsset } from "../to-asset.ts";

export const getAsset: Handler<"getAsset", MediaContext> = async ({ params, unit }, context) => {
  const asset = await findAsset(unit, context, params.asset_id);
  if (!asset) throw new FlixError("not_found", { detail: "There is no such asset." });
  return toAsset(asset);
};
