import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { build } from "../build.ts";
import { prepare } from "../prepare.ts";
import { createProgressMeter, type Progress, stages } from "../progress.ts";
import { createStageClock } from "../stage-clock.ts";
import { openWorkFolder } from "../work/work-folder.ts";

/** As if the film were long enough for an analysis, which would take a minute to make. */
async function analysed(input: string, workDir: string, onProgress?: (progress: Progress) => void) {
  const clock = createStageClock(createProgressMeter(stages, onProgress));
  const ladder = [
    { width: 480, height: 270, maxrateKbps: 1500 },
    { width: 320, height: 180, maxrateKbps: 700 },
    { width: 160, height: 90, maxrateKbps: 100 },
  ];
  const options = { input, workDir, ladder, preset: "ultrafast" } as const;
  const prepared = await prepare(options, await programs(), clock);
  const sampled = { from: "analysis", version: 1, metric: "vmaf", samples: 4, framesEach: 24 } as const;
  return { clock, prepared: { ...prepared, plan: { ...prepared.plan, ladder: sampled } } };
}

test("a film of its own ladder: rungs that fall, measured, and told with how they were found; a second run asks no sample again", async () => {
  const folder = await temporaryFolder();
  const input = await makeClip(
    join(folder, "film.mp4"),
    testInputs({ size: "480x270", seconds: 8 }),
    "-vf noise=c0s=6:c0f=t:all_seed=7 -c:v libx264 -preset ultrafast -crf 12 -c:a aac",
  );
  const workDir = join(folder, "work");
  const stop = new AbortController();
  const broken = await analysed(input, workDir, ({ stage }) => {
    if (stage === "transcode") stop.abort();
  });
  const first = await openWorkFolder(workDir, broken.prepared.key);
  await expect(build({ ...broken.prepared, signal: stop.signal }, first, broken.clock)).rejects.toMatchObject(
    {
      code: "cancelled",
    },
  );
  await first.release();
  expect(await readdir(join(workDir, "chunks"))).toHaveLength(4);

  const { prepared, clock } = await analysed(input, workDir);
  const second = await openWorkFolder(workDir, prepared.key);
  const { report } = await build(prepared, second, clock);
  await second.release();
  const cpu = (stage: string) => report.timings.find((timing) => timing.stage === stage)?.cpuSeconds ?? 0;
  expect(cpu("analyse")).toBeLessThan(
    broken.clock.timings.find(({ stage }) => stage === "analyse")?.cpuSeconds ?? 0,
  );
  expect((await readdir(workDir)).filter((name) => name !== prepared.key)).toEqual([]);

  const { video } = report.plan;
  expect(video.length).toBeGreaterThanOrEqual(2);
  expect(video.length).toBeLessThanOrEqual(3);
  expect(new Set(video.map(({ id }) => id)).size).toBe(video.length);
  expect(report.plan.poster).toMatchObject({ width: video[0]?.width });
  const { analysis } = report;
  expect(analysis?.samples.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 2);
  expect(analysis?.ladders[0]?.rungs.map(({ crf }) => crf)).toEqual(video.map(({ crf }) => crf));
  const measured = report.renditions.flatMap(({ vmaf }) => vmaf?.mean ?? []);
  expect(measured).toHaveLength(video.length);
  expect(measured).toEqual(measured.toSorted((a, b) => b - a));
});
