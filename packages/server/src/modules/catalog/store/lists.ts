import { unratedMinimumAge } from "../maturity.ts";
import { sql, type RawBuilder, type SelectQueryBuilder } from "kysely";
import type { components } from "@flix/openapi";
import { decodeCursor } from "../../../kernel/cursors.ts";
import { FlixError } from "../../../kernel/errors.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { Audience } from "../audience.ts";
import type { Viewpoint } from "../availability.ts";
import type { CatalogContext } from "../context.ts";
import { searchWords } from "../search-words.ts";
import type { CatalogTables } from "../tables.ts";
import { titleColumns, type TitleRow } from "./titles.ts";
import { visibleRow } from "./visible-row.ts";

type Store = Pick<CatalogContext, "database">;
type Kind = components["schemas"]["TitleKind"];
type Query = SelectQueryBuilder<CatalogTables & { t: CatalogTables["titles"] }, "t", TitleRow>;

export interface TitleFilters {
  audience: Audience;
  kinds?: readonly Kind[] | undefined;
  state?: components["schemas"]["TitleState"] | undefined;
  genre?: string | undefined;
  year?: number | undefined;
  /** The profile's; a title without a rating needs 18 or more. */
  maturityLimit?: number | undefined;
}

/** An order of titles: what they are sorted by, then the id, both the same way round. */
export interface TitleOrder {
  key: RawBuilder<unknown>;
  /** The same of a row `f` of `title_facets`, where it is kept. */
  facetKey?: RawBuilder<unknown>;
  direction: "asc" | "desc";
  /** Where a page ends, and what that is in SQL. */
  cursor: (row: TitleRow) => readonly [string | number, string];
  readCursor: (cursor: string | undefined) => readonly [unknown, string] | undefined;
}

export const titleOrders = {
  /** Viewers see the latest published first. */
  published: {
    key: sql`t.published_at`,
    facetKey: sql`f.published_at`,
    direction: "desc",
    cursor: (row) => [row.published_at?.getTime() ?? 0, row.id],
    readCursor(cursor) {
      const position = readPosition(cursor, 8.64e15);
      return position && [new Date(position[0]), position[1]];
    },
  },
  created: {
    key: sql`t.created_at`,
    direction: "desc",
    cursor: (row) => [row.created_at.getTime(), row.id],
    readCursor(cursor) {
      const position = readPosition(cursor, 8.64e15);
      return position && [new Date(position[0]), position[1]];
    },
  },
  title: {
    key: sql`t.sort_title`,
    facetKey: sql`f.sort_title`,
    direction: "asc",
    cursor: (row) => [row.sort_title, row.id],
    readCursor: (cursor) => decodeCursor(cursor, ["string", "string"] as const),
  },
  releaseYear: {
    key: sql`(coalesce(t.release_year, 0))`,
    facetKey: sql`f.release_year`,
    direction: "desc",
    cursor: (row) => [row.release_year ?? 0, row.id],
    readCursor: (cursor) => readPosition(cursor, 1e9),
  },
} satisfies Record<string, TitleOrder>;

export async function listTitles(
  unit: Unit,
  { database }: Store,
  filters: TitleFilters,
  order: TitleOrder,
  { cursor, limit }: { cursor: string | undefined; limit: number },
): Promise<TitleRow[]> {
  const after = order.readCursor(cursor);
  const beyond = order.direction === "asc" ? sql`>` : sql`<`;
  const { key, id, facet } = walkOf(filters, order);
  let query = filtered(unit.on(database).selectFrom("titles as t").select(titleColumns), filters);
  if (facet !== undefined) query = ofFacet(query, facet, filters);
  if (after) query = query.where(sql<boolean>`(${key}, ${id}) ${beyond} (${after[0]}, ${after[1]})`);
  return query.orderBy(key, order.direction).orderBy(id, order.direction).limit(limit).execute();
}

interface Walk {
  key: RawBuilder<unknown>;
  id: RawBuilder<string>;
  facet?: string;
}

/** Along the titles themselves, or along what viewers narrow them to: rare titles in a large catalog would be a long walk. */
function walkOf({ audience, genre, year }: TitleFilters, { key, facetKey }: TitleOrder): Walk {
  const facet = genre !== undefined ? `genre ${genre}` : year !== undefined ? `year ${year}` : undefined;
  return audience.sees === "everything" || facetKey === undefined || facet === undefined
    ? { key, id: sql`t.id` }
    : { key: facetKey, id: sql`f.title_id`, facet };
}

function ofFacet(query: Query, facet: string, { kinds }: TitleFilters): Query {
  return query
    .innerJoin("title_facets as f", "f.title_id", "t.id")
    .where("f.facet", "=", facet)
    .$if(kinds !== undefined, (narrowed) => narrowed.where("f.kind", "in", [...(kinds ?? [])]));
}

export type FoundTitle = TitleRow & { score: number };

/** The best match first; ties by id, so that pages neither repeat nor miss a title. */
export async function searchTitles(
  unit: Unit,
  { database }: Store,
  text: string,
  filters: TitleFilters,
  { cursor, limit }: { cursor: string | undefined; limit: number },
): Promise<FoundTitle[]> {
  const after = readPosition(cursor, 1e9);
  const words = searchWords(text);
  if (words.length === 0) return [];
  const beyond = after ? sql`where (score, id) < (${after[0]}, ${after[1]})` : sql``;
  // In order before titles are read, so that those of a page are read and not all.
  const found = sql<{ id: string; score: number }>`(
    select id, score from catalog.find_titles(${words}::text[]) ${beyond} order by score desc, id desc)`;
  return filtered(unit.on(database).selectFrom("titles as t").select(titleColumns), filters)
    .innerJoin(found.as("found"), (join) => join.onRef("found.id", "=", "t.id"))
    .select("found.score")
    .orderBy("found.score", "desc")
    .orderBy("found.id", "desc")
    .limit(limit)
    .execute();
}

export function searchCursor({ score, id }: FoundTitle): readonly [number, string] {
  return [score, id];
}

/** In order of season and episode. */
export async function listEpisodes(
  unit: Unit,
  { database }: Store,
  { seriesId, season, audience }: { seriesId: string; season: number | undefined; audience: Audience },
  { cursor, limit }: { cursor: string | undefined; limit: number },
): Promise<TitleRow[]> {
  const after = decodeCursor(cursor, ["number", "number"] as const)?.map((value) => inRange(value, 1e9));
  let query = filtered(unit.on(database).selectFrom("titles as t").select(titleColumns), {
    audience,
    kinds: ["episode"],
  }).where("t.series_id", "=", seriesId);
  if (season !== undefined) query = query.where("t.season_number", "=", season);
  if (after) {
    query = query.where(sql<boolean>`(t.season_number, t.episode_number) > (${after[0]}, ${after[1]})`);
  }
  return query.orderBy("t.season_number").orderBy("t.episode_number").limit(limit).execute();
}

export function episodeCursor({ season_number, episode_number }: TitleRow): readonly [number, number] {
  return [season_number ?? 0, episode_number ?? 0];
}

export async function findNextEpisode(
  unit: Unit,
  { database }: Store,
  episode: TitleRow,
  viewpoint: Viewpoint,
): Promise<TitleRow | undefined> {
  return filtered(unit.on(database).selectFrom("titles as t").select(titleColumns), {
    audience: { sees: "what is visible", ...viewpoint },
    kinds: ["episode"],
  })
    .where("t.series_id", "=", episode.series_id)
    .where(
      sql<boolean>`(t.season_number, t.episode_number) > (${episode.season_number}, ${episode.episode_number})`,
    )
    .orderBy("t.season_number")
    .orderBy("t.episode_number")
    .limit(1)
    .executeTakeFirst();
}

function filtered(query: Query, filters: TitleFilters): Query {
  const { audience, kinds, state, genre, year, maturityLimit } = filters;
  let result = query;
  if (audience.sees === "what is visible") result = result.where(visibleRow(audience));
  if (kinds !== undefined) result = result.where("t.kind", "in", [...kinds]);
  if (state !== undefined) result = result.where("t.state", "=", state);
  if (genre !== undefined) result = result.where(sql<boolean>`t.genres @> array[${genre}]`);
  // Written as its index is.
  if (year !== undefined) result = result.where(sql<boolean>`(coalesce(t.release_year, 0)) = ${year}`);
  if (maturityLimit !== undefined) {
    result = result.where(sql<boolean>`coalesce(t.minimum_age, ${unratedMinimumAge}) <= ${maturityLimit}`);
  }
  return result;
}

function readPosition(cursor: string | undefined, limit: number): [number, string] | undefined {
  const position = decodeCursor(cursor, ["number", "string"] as const);
  return position && [inRange(position[0], limit), position[1]];
}

/** A cursor that somebody made up must not reach a column that cannot hold its number. */
function inRange(value: number, limit: number): number {
  if (Number.isInteger(value) && Math.abs(value) <= limit) return value;
  throw new FlixError("invalid_request", {
    detail: "The cursor is not one of this list's; start again without it.",
    errors: [{ pointer: "query.cursor", message: "is not a cursor of this list" }],
  });
}
