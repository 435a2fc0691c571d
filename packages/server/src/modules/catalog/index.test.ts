import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCatalog, type TestCatalog } from "./testing/catalog.ts";

let test: TestCatalog;
beforeAll(async () => {
  test = await startTestCatalog();
});
afterAll(() => test.platform.close());

const here = () => ({ territory: "FR", at: test.platform.clock.now() });

describe("the catalog's face", () => {
  it("gives titles by id, those that are there, in a language", async () => {
    const one = await test.make({ title: "One", metadata: { fr: { title: "Un" } } });
    const unit = test.platform.kernel.units.read();
    const ids = [one.id, "ttl_00000000000000000000000000"];
    const titles = await test.catalog.getTitles(unit, ids, { language: "fr" });
    expect([...titles.values()].map(({ title }) => title)).toEqual(["Un"]);
    expect(await test.catalog.getTitles(unit, [])).toEqual(new Map());
    expect(await test.catalog.getTitle(unit, "ttl_00000000000000000000000000")).toBeUndefined();
  });

  it("lists what a profile may watch: films and series, up to its maturity limit", async () => {
    const rated = (minimum_age: number) => ({ system: "MPA", country: "US", value: "x", minimum_age });
    const series = await test.make(
      { kind: "series", title: "Series", maturity: rated(7) },
      { publish: true },
    );
    const place = { series_id: series.id, season_number: 1, episode_number: 1 };
    await test.make(
      { kind: "episode", title: "Episode", episode: place, maturity: rated(0) },
      { publish: true },
    );
    await test.make({ title: "Adult", maturity: rated(18) }, { publish: true });
    await test.make({ title: "Unrated" }, { publish: true });
    const list = async (query: object) => {
      const unit = test.platform.kernel.units.read();
      const titles = await test.catalog.listVisible(unit, { ...here(), sort: "title", limit: 10, ...query });
      return titles.map(({ title }) => title);
    };
    expect(await list({})).toEqual(["Adult", "Series", "Unrated"]);
    expect(await list({ maturityLimit: 17 })).toEqual(["Series"]);
    expect(await list({ maturityLimit: 18, limit: 2 })).toEqual(["Adult", "Series"]);
    expect(await list({ maturityLimit: 6 })).toEqual([]);
    expect(await list({ kinds: ["episode"] })).toEqual(["Episode"]);
  });

  it("knows the next episode that may be watched, across seasons", async () => {
    const series = await test.make({ kind: "series", title: "Chain" });
    const ids: string[] = [];
    for (const [season_number, episode_number, publish] of [
      [1, 1, true],
      [1, 2, false],
      [2, 1, true],
    ] as const) {
      const episode = { series_id: series.id, season_number, episode_number };
      ids.push((await test.make({ kind: "episode", title: "x", episode }, { publish })).id);
    }
    const unit = test.platform.kernel.units.read();
    expect((await test.catalog.nextEpisode(unit, ids[0] ?? "", here()))?.id).toBe(ids[2]);
    expect(await test.catalog.nextEpisode(unit, ids[2] ?? "", here())).toBeUndefined();
    expect(await test.catalog.nextEpisode(unit, series.id, here())).toBeUndefined();
  });

  it("takes and forgets what a title plays", async () => {
    const { id } = await test.make({ title: "Plays" });
    const { units } = test.platform.kernel;
    const current = { packageId: "pkg_1", durationSeconds: 12.5 };
    await units.write((unit) => test.catalog.setCurrentPackage(unit, id, current));
    expect(await test.catalog.getTitle(units.read(), id)).toMatchObject({
      playable: true,
      duration_seconds: 12.5,
    });
    await units.write((unit) => test.catalog.setCurrentPackage(unit, id, undefined));
    expect(await test.catalog.getTitle(units.read(), id)).toMatchObject({ playable: false });
    await expect(
      units.write((unit) => test.catalog.setCurrentPackage(unit, "ttl_00000000000000000000000000", current)),
    ).rejects.toMatchObject({ code: "title_not_found" });
  });
});
