import { sql, type RawBuilder, type Selectable, type UpdateObject } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { CatalogContext } from "../context.ts";
import { searchWords } from "../search-words.ts";
import type { CatalogTables } from "../tables.ts";

type Titles = CatalogTables["titles"];
type Store = Pick<CatalogContext, "database">;

const columns = [
  "id",
  "kind",
  "state",
  "title",
  "synopsis",
  "original_language",
  "release_year",
  "series_id",
  "season_number",
  "episode_number",
  "genres",
  "cast_members",
  "maturity",
  "artwork",
  "metadata",
  "availability",
  "current_package_id",
  "duration_seconds",
  "sort_title",
  "version",
  "created_at",
  "updated_at",
  "published_at",
] as const;

/** The columns of the row `t` of a query; what search compares stays in the database. */
export const titleColumns = columns.map((column) => `t.${column}` as const);

export type TitleRow = Pick<Selectable<Titles>, (typeof columns)[number]>;

/** What makes a title, before it is stored. */
export type TitleFields = Pick<
  TitleRow,
  | "title"
  | "synopsis"
  | "original_language"
  | "release_year"
  | "series_id"
  | "season_number"
  | "episode_number"
  | "genres"
  | "cast_members"
  | "maturity"
  | "metadata"
  | "availability"
>;

export async function findTitles(
  unit: Unit,
  { database }: Store,
  ids: readonly string[],
): Promise<TitleRow[]> {
  return unit
    .on(database)
    .selectFrom("titles as t")
    .select(titleColumns)
    .where("t.id", "in", [...ids])
    .execute();
}

export async function findTitle(unit: Unit, { database }: Store, id: string): Promise<TitleRow | undefined> {
  return unit
    .on(database)
    .selectFrom("titles as t")
    .select(titleColumns)
    .where("t.id", "=", id)
    .executeTakeFirst();
}

/** Reads a title that is about to change; others who want to change it wait. */
export async function lockTitle(unit: Unit, { database }: Store, id: string): Promise<TitleRow | undefined> {
  return unit
    .on(database)
    .selectFrom("titles as t")
    .select(titleColumns)
    .where("t.id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

export async function insertTitle(
  unit: Unit,
  { database }: Store,
  identity: Pick<TitleRow, "id" | "kind" | "created_at">,
  fields: TitleFields,
): Promise<TitleRow> {
  return unit
    .on(database)
    .insertInto("titles")
    .values({ ...identity, updated_at: identity.created_at, ...written(fields) })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export async function replaceFields(
  unit: Unit,
  { database, clock }: Store & Pick<CatalogContext, "clock">,
  id: string,
  fields: TitleFields,
): Promise<TitleRow> {
  return changeTitle(unit, { database, clock }, id, written(fields));
}

/** Changes a row that `lockTitle` found. */
export async function changeTitle(
  unit: Unit,
  { database, clock }: Store & Pick<CatalogContext, "clock">,
  id: string,
  changes: UpdateObject<CatalogTables, "titles">,
): Promise<TitleRow> {
  return unit
    .on(database)
    .updateTable("titles")
    .set({ ...changes, version: sql<number>`version + 1`, updated_at: clock.now() })
    .where("id", "=", id)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export async function removeTitle(unit: Unit, { database }: Store, id: string): Promise<void> {
  await unit.on(database).deleteFrom("titles").where("id", "=", id).execute();
}

export async function hasEpisodes(unit: Unit, { database }: Store, seriesId: string): Promise<boolean> {
  const found = await unit
    .on(database)
    .selectFrom("titles")
    .select("id")
    .where("series_id", "=", seriesId)
    .where("kind", "=", "episode")
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** The episode at a place of a series that the caller has locked. */
export async function findEpisodeAt(
  unit: Unit,
  { database }: Store,
  place: { series_id: string; season_number: number; episode_number: number },
): Promise<string | undefined> {
  const found = await unit
    .on(database)
    .selectFrom("titles")
    .select("id")
    .where("kind", "=", "episode")
    .where("series_id", "=", place.series_id)
    .where("season_number", "=", place.season_number)
    .where("episode_number", "=", place.episode_number)
    .executeTakeFirst();
  return found?.id;
}

/** Fields as columns, with the texts that search and sorting by title compare. */
function written(fields: TitleFields) {
  const titles = [fields.title, ...Object.values(fields.metadata).map(({ title }) => title)];
  const names = fields.cast_members.map(({ name }) => name);
  return {
    ...fields,
    cast_members: JSON.stringify(fields.cast_members),
    maturity: fields.maturity === null ? null : JSON.stringify(fields.maturity),
    metadata: JSON.stringify(fields.metadata),
    availability: JSON.stringify(fields.availability),
    sort_title: fold([fields.title]),
    search_titles: fold([...new Set(titles)]),
    search_text: fold([...new Set([...titles, ...names])]),
  };
}

function fold(texts: string[]): RawBuilder<string> {
  return sql<string>`catalog.fold(${texts.map((text) => searchWords(text).join(" ")).join("\n")})`;
}
