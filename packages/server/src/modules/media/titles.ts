import { FlixError } from "../../kernel/errors.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Title } from "../catalog/index.ts";
import type { MediaContext } from "./context.ts";
import { findAsset } from "./store/assets.ts";

export async function requireTitle(unit: Unit, { catalog }: MediaContext, titleId: string): Promise<void> {
  if (!(await catalog.getTitle(unit, titleId))) throw new FlixError("title_not_found");
}

/** A title that a film can belong to. */
export async function requireFilm(unit: Unit, { catalog }: MediaContext, titleId: string): Promise<Title> {
  const title = await catalog.getTitle(unit, titleId);
  if (!title) throw new FlixError("title_not_found");
  if (title.kind === "series") throw new FlixError("title_is_series");
  return title;
}

export async function requireAssetOf(
  unit: Unit,
  context: MediaContext,
  titleId: string,
  assetId: string | undefined,
): Promise<void> {
  if (assetId === undefined) return;
  const asset = await findAsset(unit, context, assetId);
  if (asset?.title_id !== titleId) throw new FlixError("asset_not_found");
}
