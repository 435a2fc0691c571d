import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../../../../testing/index.ts";
import { isVisible } from "../availability.ts";
import { listTitles, titleOrders } from "../store/lists.ts";
import { body, pages, startTestCatalog, type TestCatalog } from "../testing/catalog.ts";

let test: TestCatalog;
beforeAll(async () => {
  test = await startTestCatalog();
});
afterAll(() => test.platform.close());

const namesOf = (walked: { data: { title: string }[] }[]) =>
  walked.flatMap(({ data }) => data.map(({ title }) => title));
const search = async (q: string) => {
  const viewer = await test.viewerIn("FR");
  return namesOf(await pages(viewer, `/v1/titles?q=${encodeURIComponent(q)}`));
};

describe("search", () => {
  beforeAll(async () => {
    const films = [
      { title: "The Godfather", cast: [{ name: "Marlon Brando", role: "actor" }] },
      { title: "Le Fabuleux Destin d'Amélie Poulain", cast: [{ name: "Audrey Tautou", role: "actor" }] },
      { title: "Big Buck Bunny", metadata: { de: { title: "Der große Hase" } } },
      { title: "The Matrix", cast: [{ name: "Keanu Reeves", role: "actor" }] },
      { title: "千と千尋の神隠し", metadata: { en: { title: "Spirited Away" } } },
      { title: "Москва слезам не верит" },
      { title: "Alien" },
      { title: "Aliens" },
      { title: "Straße" },
    ];
    for (const film of films) await test.make(film, { publish: true });
    await test.make({ title: "The Godfather, Part II" });
  });

  it.each([
    ["godfather", "The Godfather"],
    ["GODFAHTER", "The Godfather"],
    ["the godfahter", "The Godfather"],
    ["amelie", "Le Fabuleux Destin d'Amélie Poulain"],
    ["ámèlie", "Le Fabuleux Destin d'Amélie Poulain"],
    ["ameile", "Le Fabuleux Destin d'Amélie Poulain"],
    ["bick buck buny", "Big Buck Bunny"],
    ["matrox", "The Matrix"],
    ["martix", "The Matrix"],
    ["keanu reves", "The Matrix"],
    ["matrix keanu", "The Matrix"],
    ["der grosse hase", "Big Buck Bunny"],
    ["spirted away", "千と千尋の神隠し"],
    ["千尋", "千と千尋の神隠し"],
    ["масква", "Москва слезам не верит"],
    ["STRASSE", "Straße"],
  ])("finds %s", async (q, title) => {
    expect((await search(q))[0]).toBe(title);
  });

  it("puts the title that is called just that first", async () => {
    expect((await search("alien")).slice(0, 2)).toEqual(["Alien", "Aliens"]);
    expect((await search("aliens"))[0]).toBe("Aliens");
  });

  it("finds nothing for what is not there, for mere signs, and never a draft", async () => {
    expect(await search("xylophone concerto")).toEqual([]);
    expect(await search("?!")).toEqual([]);
    expect(await search("100%_\\")).toEqual([]);
    expect(await search("godfather part")).toEqual([]);
    expect(namesOf(await pages(test.editor, "/v1/titles?q=godfather%20part"))).toEqual([
      "The Godfather, Part II",
    ]);
  });

  it("finds a title by its new name once it was changed", async () => {
    const { id } = await test.make({ title: "Working Name" }, { publish: true });
    const change = { body: { title: "Zeitgeist" }, headers: { "if-match": "*" } };
    body(await test.editor.patch(`/v1/titles/${id}`, change));
    expect(await search("zeitgiest")).toEqual(["Zeitgeist"]);
    expect(await search("working name")).toEqual([]);
  });

  it("pages through equal matches without a gap or a repeat", async () => {
    for (let index = 0; index < 7; index += 1)
      await test.make({ title: `Remake ${index % 2}` }, { publish: true });
    const viewer = await test.viewerIn("FR");
    const walked = await pages(viewer, "/v1/titles?q=remake&page_size=3");
    expect(walked.map(({ data }) => data.length)).toEqual([3, 3, 1]);
    expect(new Set(walked.flatMap(({ data }) => data.map(({ id }) => id))).size).toBe(7);
  });
});

describe("listTitles", () => {
  beforeAll(async () => {
    const years = [1999, 2001, undefined, 2001, 1985];
    for (const [index, release_year] of years.entries()) {
      test.platform.clock.advance(1_000);
      const year = release_year === undefined ? {} : { release_year };
      await test.make({ title: `Éclair ${5 - index}`, genres: ["sorted"], ...year }, { publish: true });
    }
  });

  it.each([
    ["newest", ["Éclair 1", "Éclair 2", "Éclair 3", "Éclair 4", "Éclair 5"]],
    ["title", ["Éclair 1", "Éclair 2", "Éclair 3", "Éclair 4", "Éclair 5"]],
    ["release_year", ["Éclair 2", "Éclair 4", "Éclair 5", "Éclair 1", "Éclair 3"]],
  ])("sorts by %s and pages to the end", async (sort, expected) => {
    const url = `/v1/titles?genre=sorted&sort=${sort}&page_size=2`;
    for (const client of [await test.viewerIn("FR"), test.editor]) {
      const walked = await pages(client, url);
      expect(walked).toHaveLength(3);
      expect(namesOf(walked)).toEqual(expected);
    }
  });

  it("filters by kind, year and, for editors only, state", async () => {
    const of = async (query: string) => namesOf(await pages(test.editor, `/v1/titles?genre=sorted&${query}`));
    expect(await of("year=2001")).toHaveLength(2);
    expect(await of("kind=series")).toEqual([]);
    expect(await of("state=draft")).toEqual([]);
    const viewer = await test.viewerIn("FR");
    expect((await viewer.get("/v1/titles?state=draft")).json().code).toBe("insufficient_scope");
  });

  it("refuses cursors that it did not make", async () => {
    const forged = (values: unknown[]) => Buffer.from(JSON.stringify(values)).toString("base64url");
    for (const [sort, values] of [
      ["newest", ["a", "b"]],
      ["newest", [1e300, "b"]],
      ["release_year", [0.5, "b"]],
      ["title", [1, "b"]],
    ] as const) {
      const answer = await test.editor.get(`/v1/titles?sort=${sort}&cursor=${forged([...values])}`);
      expect(answer.json()).toMatchObject({ status: 400, code: "invalid_request" });
    }
  });

  it("answers in the language asked for", async () => {
    await test.make(
      { title: "Original", genres: ["tongues"], metadata: { pt: { title: "Português" } } },
      { publish: true },
    );
    const viewer = await test.viewerIn("BR");
    expect(namesOf(await pages(viewer, "/v1/titles?genre=tongues&language=pt-BR"))).toEqual(["Português"]);
    expect(namesOf(await pages(viewer, "/v1/titles?genre=tongues&language=fr"))).toEqual(["Original"]);
  });

  it("shows each territory its own, and others with catalog:read what is open somewhere", async () => {
    const windows = [
      { territories: ["FR", "BE"] },
      { territories: ["DE"], starts_at: "2027-01-01T00:00:00Z" },
    ];
    await test.make({ title: "Here", genres: ["placed"], availability: windows }, { publish: true });
    const seen = async (client: Awaited<ReturnType<TestCatalog["viewerIn"]>>) =>
      namesOf(await pages(client, "/v1/titles?genre=placed"));
    expect(await seen(await test.viewerIn("BE"))).toEqual(["Here"]);
    expect(await seen(await test.viewerIn("DE"))).toEqual([]);
    expect(await seen(test.platform.as(operator("support")))).toEqual(["Here"]);
  });

  it("sees in SQL exactly what isVisible sees", async () => {
    const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString();
    const window = fc.record(
      {
        territories: fc.subarray(["FR", "GB", "US"]),
        starts_at: fc.nat(9).map(day),
        ends_at: fc.integer({ min: 10, max: 20 }).map(day),
      },
      { requiredKeys: ["territories"] },
    );
    const drawn = fc.sample(fc.array(window, { maxLength: 3 }), 25);
    for (const availability of drawn) {
      await test.make({ title: "Drawn", genres: ["drawn"], availability }, { publish: true });
    }
    const { units, database } = test.platform.kernel;
    const context = { database: database<never>("catalog") };
    const page = { cursor: undefined, limit: 100 };
    const all = { audience: { sees: "everything" }, genre: "drawn" } as const;
    const rows = await listTitles(units.read(), context, all, titleOrders.created, page);
    expect(rows).toHaveLength(25);
    for (const territory of ["FR", "US", "JP", undefined]) {
      for (const at of [day(0), day(5), day(10), day(30)].map((time) => new Date(time))) {
        const audience = { sees: "what is visible", territory, at } as const;
        const visible = await listTitles(
          units.read(),
          context,
          { ...all, audience },
          titleOrders.created,
          page,
        );
        const expected = rows.filter((row) => isVisible(row, { territory, at }));
        expect(visible.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      }
    }
  });
});

describe("listEpisodes", () => {
  it("walks the seasons in order; viewers see the published ones", async () => {
    const series = await test.make({ kind: "series", title: "Serial" }, { publish: true });
    const places = [
      [2, 1],
      [1, 10],
      [1, 2],
      [0, 1],
    ] as const;
    for (const [season_number, episode_number] of places) {
      const episode = { series_id: series.id, season_number, episode_number };
      const title = `${season_number}.${episode_number}`;
      await test.make({ kind: "episode", title, episode }, { publish: season_number !== 0 });
    }
    const url = `/v1/titles/${series.id}/episodes`;
    expect(namesOf(await pages(test.editor, `${url}?page_size=3`))).toEqual(["0.1", "1.2", "1.10", "2.1"]);
    const viewer = await test.viewerIn("FR");
    expect(namesOf(await pages(viewer, `${url}?page_size=1`))).toEqual(["1.2", "1.10", "2.1"]);
    expect(namesOf(await pages(viewer, `${url}?season_number=1`))).toEqual(["1.2", "1.10"]);
    await test.editor.post(`/v1/titles/${series.id}/unpublish`);
    expect((await viewer.get(url)).json().code).toBe("title_not_found");
  });
});
