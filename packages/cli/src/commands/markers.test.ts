import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeEnding } from "../../../encoder/testing/credits-clip.ts";
import { textAt } from "../../testing/fields.ts";
import { makeFilm } from "../../testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../testing/platform.ts";

let platform: RunningPlatform;
let titleId: string;
let film: string;
beforeAll(async () => {
  platform = await startPlatform();
  film = await makeFilm(platform.folder, { seconds: 6 });
  const given = ["--marker", "intro=0:00.5-00:00:01:12", "--marker", "credits=5"];
  const result = await platform.json([
    "ingest",
    film,
    "--title",
    "Marked",
    "--preset",
    "ultrafast",
    ...given,
  ]);
  expect(result).toMatchObject({
    markers: [
      { kind: "intro", start_seconds: 0.5, end_seconds: 1.5, source: "ingest" },
      { kind: "credits", start_seconds: 5, source: "ingest" },
    ],
    proposed_markers: [],
  });
  titleId = textAt(result, "title", "id");
});
afterAll(() => platform.stop());

const get = () => platform.json(["markers", "get", titleId]);

describe("flix markers", () => {
  test("are read as they are, for people and for programs", async () => {
    expect(await get()).toMatchObject({ title_id: titleId, proposals: [] });
    const { stdout } = await platform.run(["markers", "get", titleId]);
    expect(stdout).toMatch(
      /^KIND +FROM +TO +BY\nintro +0:00\.500 +0:01\.500 +ingest\ncredits +0:05\.000 +the end +ingest\n$/,
    );
  });

  test("that an operator sets stay, whatever an ingest says; the film is not encoded again", async () => {
    const set = ["markers", "set", titleId, "--marker", "credits=4.5", "--remove", "intro"];
    const tried = await platform.json([...set, "--dry-run"]);
    expect(tried).toMatchObject({ markers: [{ kind: "credits", start_seconds: 4.5, source: "operator" }] });
    expect(await get()).toMatchObject({
      markers: [{ kind: "intro" }, { kind: "credits", start_seconds: 5 }],
    });
    await platform.json(set);
    const again = ["ingest", film, "--title", "Marked", "--preset", "ultrafast"];
    const given = ["--marker", "credits=5", "--marker", "recap=1-2"];
    expect(await platform.json([...again, ...given])).toMatchObject({ unchanged: true });
    expect(await get()).toMatchObject({
      markers: [
        { kind: "recap", start_seconds: 1, end_seconds: 2, source: "ingest" },
        { kind: "credits", start_seconds: 4.5, source: "operator" },
      ],
    });
  });

  test("may stand in a file, in YAML or JSON", async () => {
    const yaml = join(platform.folder, "markers.yaml");
    await writeFile(yaml, "intro: 0:01-0:02\nrecap: { start: 2, end: 2.5 }\ncredits: 00:00:04:12\n");
    const json = join(platform.folder, "markers.json");
    await writeFile(json, JSON.stringify([{ kind: "credits", start: 5.25 }]));
    expect(await platform.json(["markers", "set", titleId, "--markers", yaml])).toMatchObject({
      markers: [
        { kind: "intro", start_seconds: 1, end_seconds: 2 },
        { kind: "recap", start_seconds: 2, end_seconds: 2.5 },
        { kind: "credits", start_seconds: 4.5 },
      ],
    });
    expect(await platform.json(["markers", "set", titleId, "--markers", json])).toMatchObject({
      markers: [{}, {}, { kind: "credits", start_seconds: 5.25 }],
    });
  });

  test("that are not right are told with a code, and change nothing", async () => {
    const before = await get();
    for (const [code, status, ...options] of [
      ["marker_beyond_end", 1, "--marker", "credits=7"],
      ["marker_empty", 1, "--marker", "intro=2-1"],
      ["markers_overlap", 1, "--marker", "intro=1-3", "--marker", "recap=2-4"],
      ["marker_not_valid", 1, "--marker", "intro=soon-later"],
      ["markers_file_not_valid", 1, "--markers", "nowhere.yaml"],
      ["usage", 2, "--marker", "outro=5"],
      ["usage", 2],
    ] as const) {
      const { exitCode, stderr } = await platform.run(["markers", "set", titleId, ...options, "--json"]);
      expect([JSON.parse(stderr).code, exitCode]).toEqual([code, status]);
    }
    expect(await get()).toEqual(before);
  });

  test("are checked before an ingest encodes anything", async () => {
    const args = ["ingest", film, "--title", "Never", "--marker", "credits=7", "--json"];
    const { exitCode, stderr } = await platform.run(args);
    expect([exitCode, JSON.parse(stderr).code]).toEqual([1, "marker_beyond_end"]);
    expect(await platform.json(["titles", "list", "-q", "Never"])).toEqual([]);
  });

  test("that the encoder proposes are told of, and hold once they are accepted", async () => {
    const ending = { filmSeconds: 13, gapSeconds: 1, credits: "rolling", endSeconds: 10 } as const;
    const path = await makeEnding(platform.folder, ending);
    const args = ["ingest", path, "--title", "With credits", "--preset", "ultrafast"];
    const { stdout, stderr } = await platform.run(args);
    const [id = ""] = /ttl_\w+/.exec(stdout) ?? [];
    expect(stderr).toMatch(/The credits seem to begin at 0:13\.\d{3} \(\d+\.0% sure\)/);
    expect(stderr).toContain(`flix markers accept ${id}`);
    expect(await platform.json(["markers", "get", id])).toMatchObject({
      markers: [],
      proposals: [{ kind: "credits", confidence: expect.any(Number) }],
    });
    const accepted = { markers: [{ kind: "credits", source: "detected" }] };
    expect(await platform.json(["markers", "accept", id])).toMatchObject(accepted);
    await platform.json(["markers", "set", id, "--remove", "credits"]);
    expect(await platform.json([...args, "--accept-proposed-markers"])).toMatchObject({
      unchanged: true,
      ...accepted,
    });
  });

  test("that nobody proposes cannot be accepted", async () => {
    const { exitCode, stderr } = await platform.run(["markers", "accept", titleId, "--json"]);
    expect([exitCode, JSON.parse(stderr).code]).toEqual([1, "no_markers_proposed"]);
  });
});
