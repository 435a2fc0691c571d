import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { body, pages, startTestCatalog, type TestCatalog } from "../testing/catalog.ts";

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await startTestCatalog();
});
afterAll(() => catalog.platform.close());

async function seen(query: string): Promise<string[]> {
  catalog.platform.clock.advance(1_000);
  const viewer = await catalog.viewerIn("FR");
  const walked = await pages(viewer, `/v1/titles?${query}`);
  return walked.flatMap(({ data }) => data.map(({ title }) => title));
}

test("lists of a genre or a year, and searches, follow every change of a title", async () => {
  const fields = { title: "Night Train", genres: ["noir", "heist"], release_year: 1948 };
  const { id } = await catalog.make(fields);
  expect([await seen("genre=noir"), await seen("year=1948"), await seen("q=train")]).toEqual([[], [], []]);
  await catalog.platform.kernel.units.write((unit) =>
    catalog.catalog.setCurrentPackage(unit, id, { packageId: "pkg_test", durationSeconds: 60 }),
  );
  body(await catalog.editor.post(`/v1/titles/${id}/publish`));
  for (const query of ["genre=noir", "genre=heist&year=1948", "year=1948&kind=film", "q=train"])
    expect(await seen(query), query).toEqual(["Night Train"]);
  expect(await seen("genre=noir&kind=series")).toEqual([]);

  const change = { title: "Night Ferry", genres: ["noir"], release_year: 1949 };
  body(await catalog.editor.patch(`/v1/titles/${id}`, { body: change, headers: { "if-match": "*" } }));
  for (const query of ["genre=heist", "year=1948", "q=train"]) expect(await seen(query), query).toEqual([]);
  for (const query of ["genre=noir&sort=title", "year=1949", "q=ferry"])
    expect(await seen(query), query).toEqual(["Night Ferry"]);

  body(await catalog.editor.post(`/v1/titles/${id}/unpublish`));
  for (const query of ["genre=noir", "q=ferry"]) expect(await seen(query), query).toEqual([]);
  await catalog.editor.delete(`/v1/titles/${id}`);
  expect(await entries()).toEqual({ words: [], facets: [] });
});

test("titles of before are filled in as if they came today, and once", async () => {
  for (let number = 0; number < 5; number += 1) {
    const cast = [{ name: `Audrey ${number}`, role: "actor" }];
    const film = { title: `Spirited Away ${number}`, genres: ["anime"], cast, release_year: 2001 };
    await catalog.make(film, { publish: number % 2 === 0 });
  }
  const indexed = await entries();
  expect(indexed.words).toHaveLength(20);
  expect(indexed.facets).toHaveLength(6);
  await sql`truncate catalog.words, catalog.title_words, catalog.title_facets`.execute(root());
  await fillBatch();
  expect(await entries()).toEqual(indexed);
  expect(await fillBatch()).toBe(0n);
  expect(await seen("q=spirted%20audrey&genre=anime")).toHaveLength(3);
});

function root() {
  return catalog.platform.kernel.database("catalog").root;
}

async function entries() {
  const words = await sql`select * from catalog.title_words order by word, title_id`.execute(root());
  const facets = await sql`select * from catalog.title_facets order by title_id, facet`.execute(root());
  return { words: words.rows, facets: facets.rows };
}

/** As the migration does; answers how many rows it changed. */
function fillBatch(): Promise<bigint | undefined> {
  return root()
    .transaction()
    .execute(async (transaction) => {
      const file = join(import.meta.dirname, "../migrations/0003_fill_search_words_in_batches.sql");
      await sql`set local search_path = catalog, public`.execute(transaction);
      const { numAffectedRows } = await sql.raw(await readFile(file, "utf8")).execute(transaction);
      return numAffectedRows;
    });
}
