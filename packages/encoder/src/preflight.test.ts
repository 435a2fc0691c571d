import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bigBuckBunny, programs, simpleClip, temporaryFolder } from "../testing/clips.ts";
import { encode } from "./pipeline.ts";
import { preflight } from "./preflight.ts";

test("says what an ingest of a film would do, and starts nothing", async () => {
  const workDir = join(await temporaryFolder(), "not", "made", "yet");
  const result = await preflight({
    input: bigBuckBunny(),
    workDir,
    programs: await programs(),
    language: "en",
  });
  expect(result).toMatchObject({ ok: true, problems: [], warnings: [{ code: "analysis_skipped" }] });
  expect(result.plan?.video.map(({ id }) => id)).toEqual(
    ["1080p", "720p", "540p", "432p", "360p", "234p"].map((name) => `video-${name}`),
  );
  expect(result.plan?.audio).toMatchObject([
    { language: "en", channels: 2 },
    { language: "en", channels: 6 },
  ]);
  expect(result.requiredDiskBytes).toBeGreaterThan(result.predictedBytes ?? 0);
});

test("names every problem at once, with a code and what to do", async () => {
  const folder = await temporaryFolder();
  const input = join(folder, "text.mp4");
  await writeFile(input, "no film");
  const subtitles = [{ language: "en", path: join(folder, "nowhere.vtt") }];
  const { ok, problems } = await preflight({ input, subtitles, programs: await programs() });
  expect(ok).toBe(false);
  expect(problems).toMatchObject([{ code: "subtitle_not_found" }, { code: "not_media" }]);
  expect(problems.every(({ hint }) => hint.length > 0)).toBe(true);
});

test("a ladder or language that is none is a problem of the plan", async () => {
  const input = await simpleClip(join(await temporaryFolder(), "film.mp4"));
  const ask = async (options: object) =>
    (await preflight({ input, programs: await programs(), ...options })).problems;
  expect(await ask({ ladder: [] })).toMatchObject([{ code: "ladder_not_valid" }]);
  expect(await ask({ language: "not a tag" })).toMatchObject([{ code: "language_not_valid" }]);
});

test("a ladder of one's own is encoded as it is given", async () => {
  const folder = await temporaryFolder();
  const input = await simpleClip(join(folder, "film.mp4"), { size: "640x360" });
  const ladder = [{ width: 320, height: 180, maxrateKbps: 200 }];
  const { report } = await encode({
    input,
    ladder,
    workDir: join(folder, "work"),
    preset: "ultrafast",
    programs: await programs(),
  });
  expect(report.plan.video).toMatchObject([{ id: "video-180p", width: 320, height: 180, maxrateKbps: 200 }]);
});
