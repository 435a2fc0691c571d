import { pageLimit, pageOf } from "../../../kernel/cursors.ts";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { audienceOf } from "../audience.ts";
import { isVisible } from "../availability.ts";
import type { CatalogContext } from "../context.ts";
import * as store from "../store/lists.ts";
import { findTitle } from "../store/titles.ts";
import { toTitle } from "../to-title.ts";

export const listEpisodes: Handler<"listEpisodes", CatalogContext> = async (
  { params, query, principal, unit },
  context,
) => {
  const { season_number: season, language, page_size, cursor } = query;
  const audience = audienceOf(principal, context);
  const series = await findTitle(unit, context, params.title_id);
  const hidden = audience.sees === "what is visible" && series && !isVisible(series, audience);
  if (!series || hidden) throw new FlixError("title_not_found");
  const page = { cursor, limit: pageLimit(page_size) };
  const rows = await store.listEpisodes(unit, context, { seriesId: series.id, season, audience }, page);
  return pageOf(rows, page_size, (row) => toTitle(row, language), store.episodeCursor);
};
