import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { CatalogContext } from "../context.ts";

type Store = Pick<CatalogContext, "database">;

export interface GenreRow {
  slug: string;
  names: Record<string, string>;
  title_count: number;
}

/**
 * The named genres and those that a title has, in order of slug. Of one without a published title all titles are asked for, in the
 * collation of their index: `exists` would look at every title.
 */
export async function listGenres(
  unit: Unit,
  { database }: Store,
  after: string | undefined,
  limit: number,
): Promise<GenreRow[]> {
  return unit
    .on(database)
    .selectFrom("genres as g")
    .select(["g.slug", "g.names", "g.title_count"])
    .where(
      sql<boolean>`(g.title_count > 0 or g.names <> '{}' or array(
        select t.id from catalog.titles t where t.genres @> array[g.slug collate "default"]) <> '{}')`,
    )
    .$if(after !== undefined, (query) => query.where("g.slug", ">", after ?? ""))
    .orderBy("g.slug")
    .limit(limit)
    .execute();
}

export async function nameGenre(
  unit: Unit,
  { database }: Store,
  slug: string,
  names: Record<string, string>,
): Promise<GenreRow> {
  return unit
    .on(database)
    .insertInto("genres")
    .values({ slug, names: JSON.stringify(names) })
    .onConflict((conflict) => conflict.column("slug").doUpdateSet({ names: JSON.stringify(names) }))
    .returning(["slug", "names", "title_count"])
    .executeTakeFirstOrThrow();
}

interface Counted {
  state: string;
  genres: readonly string[];
}

/** Keeps the genres and their counts of published titles in step with one title's change. */
export async function recountGenres(
  unit: Unit,
  { database }: Store,
  before: Counted | undefined,
  after: Counted | undefined,
): Promise<void> {
  const counts = new Map<string, number>();
  for (const slug of after?.genres ?? []) counts.set(slug, after?.state === "published" ? 1 : 0);
  for (const slug of before?.state === "published" ? before.genres : []) {
    counts.set(slug, (counts.get(slug) ?? 0) - 1);
  }
  // In one order everywhere, so that two changes never wait for each other's genre.
  const rows = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [slug, change] of rows) {
    await unit
      .on(database)
      .insertInto("genres")
      .values({ slug, title_count: Math.max(change, 0) })
      .onConflict((conflict) =>
        change === 0
          ? conflict.doNothing()
          : conflict
              .column("slug")
              .doUpdateSet({ title_count: sql<number>`catalog.genres.title_count + ${change}` }),
      )
      .execute();
  }
}
