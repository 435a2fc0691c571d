import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programs, simpleClip, temporaryFolder } from "../../testing/clips.ts";
import { encode } from "../pipeline.ts";
import { preflight } from "../preflight.ts";
import { predictIngest, recordIngest } from "./speed.ts";
import { readSpeedHistory, writeSpeedHistory } from "./speed-history.ts";

test("a machine without a history is measured once; then what ingests took decides", async () => {
  const folder = await temporaryFolder();
  const input = await simpleClip(join(folder, "film.mp4"));
  const options = { workDir: join(folder, "work"), programs: await programs() };
  const found = await preflight({ ...options, input, preset: "ultrafast" });
  expect(found.predictedSeconds).toBeGreaterThan(0);
  const file = join(options.workDir, "speeds.json");
  const measured = await readFile(file, "utf8");
  expect(JSON.parse(measured)).toMatchObject({ benchmark: expect.any(Number), runs: [] });
  await preflight({ ...options, input, preset: "ultrafast" });
  expect(await readFile(file, "utf8")).toBe(measured);

  const { report } = await encode({ ...options, input, preset: "ultrafast" });
  const { source, plan } = found;
  if (!source || !plan) throw new Error("The clip was not planned");
  // As if the upload had been slow: the next one is expected to be slow as well.
  const tookSeconds = 500;
  await recordIngest({ source, plan }, { report, tookSeconds }, options);
  const again = await predictIngest({ source, plan }, options);
  expect(Math.abs(again.seconds / tookSeconds - 1)).toBeLessThan(0.1);
  const bytes = report.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  expect(Math.abs(again.packageBytes - bytes)).toBeLessThan(2);

  const resumed = { ...report, chunks: report.chunks.map((chunk) => ({ ...chunk, reused: true })) };
  await recordIngest({ source, plan }, { report: resumed, tookSeconds: 1 }, options);
  expect(JSON.parse(await readFile(file, "utf8")).runs).toHaveLength(1);
});

test("a history of another machine, or none at all, counts for nothing", async () => {
  const folder = await temporaryFolder();
  const { ffmpeg } = await programs();
  for (const content of ["not JSON", "[]", '{"machine":"another","benchmark":1000000,"runs":[]}']) {
    await writeFile(join(folder, "speeds.json"), content);
    expect(await readSpeedHistory(folder, ffmpeg.version)).toEqual({ benchmark: null, runs: [] });
  }
  const history = {
    benchmark: 1.5,
    runs: [{ settings: "h264 faster", factors: { transcode: 2 }, size: 0.8 }],
  };
  await writeSpeedHistory(folder, ffmpeg.version, history);
  expect(await readSpeedHistory(folder, ffmpeg.version)).toEqual(history);
  expect(await readSpeedHistory(folder, "another")).toEqual({ benchmark: null, runs: [] });
});
