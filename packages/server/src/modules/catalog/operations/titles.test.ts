import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../../../../testing/index.ts";
import { body, startTestCatalog, type TestCatalog } from "../testing/catalog.ts";

let test: TestCatalog;
beforeAll(async () => {
  test = await startTestCatalog();
});
afterAll(() => test.platform.close());

const nobody = "ttl_00000000000000000000000000";

async function eventsOf(titleId: string): Promise<string[]> {
  const { root } = test.platform.kernel.database("catalog");
  const { rows } = await sql<{ type: string }>`
    select type from kernel.events where data ->> 'title_id' = ${titleId} order by position`.execute(root);
  return rows.map(({ type }) => type);
}

describe("createTitle", () => {
  it("keeps all that it was given, as a draft", async () => {
    const given = {
      kind: "film",
      title: "Big Buck Bunny",
      synopsis: "A giant rabbit takes on three bullies.",
      original_language: "en",
      release_year: 2008,
      genres: ["animation", "comedy"],
      cast: [{ name: "Sacha Goedegebure", role: "director" }],
      maturity: { system: "MPA", country: "US", value: "G", minimum_age: 0 },
      metadata: { fr: { title: "Le Lapin" } },
      availability: [{ territories: ["FR"], starts_at: "2026-01-01T00:00:00.000Z" }],
    };
    const title = await test.make(given);
    expect(title).toMatchObject({ ...given, state: "draft", playable: false, artwork: [], etag: '"1"' });
    expect(body(await test.editor.get(`/v1/titles/${title.id}`))).toEqual(title);
    expect(body(await test.editor.get(`/v1/titles/${title.id}?language=fr-CA`)).title).toBe("Le Lapin");
  });

  it("makes nothing when it only validates", async () => {
    const answer = await test.editor.post("/v1/titles?validate_only=true", {
      body: { kind: "film", title: "No" },
    });
    const { id } = body(answer, 201);
    expect((await test.editor.get(`/v1/titles/${id}`)).json().code).toBe("title_not_found");
  });

  it("puts episodes, and only episodes, at a place of their own in a series", async () => {
    const series = await test.make({ kind: "series", title: "Cosmos Laundromat" });
    const episode = { series_id: series.id, season_number: 1, episode_number: 1 };
    expect((await test.make({ kind: "episode", title: "First Cycle", episode })).episode).toEqual(episode);
    const create = async (title: object) => (await test.editor.post("/v1/titles", { body: title })).json();
    const twin = { kind: "episode", title: "Twin", episode };
    expect(await create(twin)).toMatchObject({ status: 409, code: "episode_place_taken" });
    expect(await create({ kind: "episode", title: "Lost" })).toMatchObject({
      code: "episode_place_required",
    });
    expect(await create({ kind: "film", title: "Film", episode })).toMatchObject({
      code: "episode_place_required",
    });
    const elsewhere = { ...twin, episode: { ...episode, series_id: nobody } };
    expect(await create(elsewhere)).toMatchObject({ status: 422, code: "series_not_found" });
  });

  it("gives one place to one of many that ask at a time", async () => {
    const series = await test.make({ kind: "series", title: "Crowded" });
    const episode = { series_id: series.id, season_number: 1, episode_number: 1 };
    const answers = await Promise.all(
      ["a", "b", "c", "d"].map((title) =>
        test.editor.post("/v1/titles", { body: { kind: "episode", title, episode } }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([201, 409, 409, 409]);
  });

  it("refuses viewers, and windows that end before they start", async () => {
    const request = { body: { kind: "film", title: "x" } };
    const viewer = await test.viewerIn("FR");
    expect((await viewer.post("/v1/titles", request)).json().code).toBe("insufficient_scope");
    const window = { territories: [], starts_at: "2026-02-01T00:00:00Z", ends_at: "2026-01-01T00:00:00Z" };
    const answer = await test.editor.post("/v1/titles", {
      body: { ...request.body, availability: [window] },
    });
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ pointer: "/availability/0/ends_at" }] });
  });
});

describe("updateTitle", () => {
  it("changes what it names, leaves the rest, and counts the version up", async () => {
    const title = await test.make({ title: "Sintel", synopsis: "A dragon.", genres: ["fantasy"] });
    const change = { body: { release_year: 2010, genres: ["drama"] }, headers: { "if-match": title.etag } };
    const changed = body(await test.editor.patch(`/v1/titles/${title.id}`, change));
    expect(changed).toMatchObject({
      synopsis: "A dragon.",
      release_year: 2010,
      genres: ["drama"],
      etag: '"2"',
    });
    expect((await test.editor.patch(`/v1/titles/${title.id}`, change)).statusCode).toBe(412);
    expect((await test.editor.patch(`/v1/titles/${title.id}`, { body: change.body })).statusCode).toBe(428);
  });

  it("lets one of two editors win", async () => {
    const title = await test.make({ title: "Race" });
    const answers = await Promise.all(
      [2001, 2002, 2003].map((release_year) =>
        test.editor.patch(`/v1/titles/${title.id}`, {
          body: { release_year },
          headers: { "if-match": title.etag },
        }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 412, 412]);
  });

  it("moves an episode, but not onto another", async () => {
    const series = await test.make({ kind: "series", title: "Moves" });
    const at = (episode_number: number) => ({ series_id: series.id, season_number: 1, episode_number });
    const first = await test.make({ kind: "episode", title: "1", episode: at(1) });
    await test.make({ kind: "episode", title: "2", episode: at(2) });
    const move = (episode: object) =>
      test.editor.patch(`/v1/titles/${first.id}`, { body: { episode }, headers: { "if-match": "*" } });
    expect((await move(at(2))).json().code).toBe("episode_place_taken");
    expect(body(await move(at(1))).episode).toEqual(at(1));
    expect(body(await move(at(3))).episode).toEqual(at(3));
  });
});

describe("publishTitle", () => {
  it("needs a package for a film, none for a series, and tells once", async () => {
    const film = await test.make({ title: "Spring" });
    const refused = await test.editor.post(`/v1/titles/${film.id}/publish`);
    expect(refused.json()).toMatchObject({ status: 422, code: "title_not_playable" });
    const series = await test.make({ kind: "series", title: "Caminandes" });
    expect(body(await test.editor.post(`/v1/titles/${series.id}/publish`)).state).toBe("published");
    body(await test.editor.post(`/v1/titles/${series.id}/publish`));
    expect(await eventsOf(series.id)).toEqual(["title.published"]);
  });

  it("keeps the first time of publishing when a title comes back", async () => {
    const { id, published_at } = await test.make({ title: "Back" }, { publish: true });
    expect(published_at).toBe(test.platform.clock.now().toISOString());
    test.platform.clock.advance(60_000);
    expect(body(await test.editor.post(`/v1/titles/${id}/unpublish`)).state).toBe("unpublished");
    expect(body(await test.editor.post(`/v1/titles/${id}/publish`)).published_at).toBe(published_at);
    expect(await eventsOf(id)).toEqual(["title.published", "title.unpublished", "title.published"]);
  });

  it("leaves a draft that is unpublished a draft", async () => {
    const { id } = await test.make({ title: "Draft" });
    expect(body(await test.editor.post(`/v1/titles/${id}/unpublish`)).state).toBe("draft");
  });
});

describe("deleteTitle", () => {
  it("wants a title unpublished and a series empty, and tells of the deletion", async () => {
    const film = await test.make({ title: "Gone" }, { publish: true });
    expect((await test.editor.delete(`/v1/titles/${film.id}`)).json().code).toBe("title_published");
    await test.editor.post(`/v1/titles/${film.id}/unpublish`);
    expect((await test.editor.delete(`/v1/titles/${film.id}?validate_only=true`)).statusCode).toBe(204);
    expect((await test.editor.delete(`/v1/titles/${film.id}`)).statusCode).toBe(204);
    expect((await test.editor.get(`/v1/titles/${film.id}`)).statusCode).toBe(404);
    expect((await eventsOf(film.id)).at(-1)).toBe("title.deleted");
    const series = await test.make({ kind: "series", title: "Full" });
    const place = { series_id: series.id, season_number: 1, episode_number: 1 };
    const episode = await test.make({ kind: "episode", title: "One", episode: place });
    expect((await test.editor.delete(`/v1/titles/${series.id}`)).json().code).toBe("title_has_episodes");
    await test.editor.delete(`/v1/titles/${episode.id}`);
    expect((await test.editor.delete(`/v1/titles/${series.id}`)).statusCode).toBe(204);
  });
});

describe("getTitle", () => {
  it("shows viewers what is published where they are, and hides the rest as if it were not there", async () => {
    const title = await test.make(
      { title: "Local", availability: [{ territories: ["FR"] }] },
      { publish: true },
    );
    const french = await test.viewerIn("FR");
    expect(body(await french.get(`/v1/titles/${title.id}`)).id).toBe(title.id);
    const british = await test.viewerIn("GB");
    expect((await british.get(`/v1/titles/${title.id}`)).json().code).toBe("title_not_found");
    const draft = await test.make({ title: "Secret" });
    expect((await french.get(`/v1/titles/${draft.id}`)).statusCode).toBe(404);
    expect((await french.get(`/v1/titles/${nobody}`)).statusCode).toBe(404);
    const support = test.platform.as(operator("support"));
    expect(body(await support.get(`/v1/titles/${title.id}`)).id).toBe(title.id);
    expect((await support.get(`/v1/titles/${draft.id}`)).statusCode).toBe(404);
  });
});
