import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { jsonFields } from "../json-fields.ts";
import { admit } from "../source/admit.ts";
import { probe } from "../source/probe.ts";
import { planEncode } from "../plan/plan.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { planChunkTask } from "../video/chunk-task.ts";
import { encodeChunk } from "../video/encode-chunk.ts";
import { filterGraph, videoInput } from "../video/filter-graph.ts";
import type { Metric } from "./metric.ts";
import { scoreFrames } from "./score-frames.ts";

const size = { width: 320, height: 180 };
const frames = [5, 14, 40, 71];

/** A film that begins late, at a rate that is no whole number, and an encode of half its size. */
async function filmAndEncode() {
  const folder = await temporaryFolder();
  const path = await makeClip(
    join(folder, "film.mkv"),
    testInputs({ size: "320x180", rate: "30000/1001", seconds: 4 }),
    "-vf noise=c0s=12:c0f=t:all_seed=7 -output_ts_offset 0.7 -c:v libx264 -preset veryfast -crf 8 -g 50 -c:a aac",
  );
  const { ffmpeg, ffprobe } = await programs();
  const film = await admit(ffprobe.path, await probe(ffprobe.path, path));
  const { plan } = planEncode(film, { subtitles: [], audioFiles: [] }, { preset: "ultrafast" });
  const renditions = plan.video.slice(0, 1).map((best) => ({ ...best, width: 160, height: 90, crf: 30 }));
  const task = planChunkTask({
    source: { ...film, sha256: "" },
    plan,
    ffmpegVersion: ffmpeg.version,
    renditions,
    chunk: { index: 0, firstFrame: 0, frames: null },
  });
  const source = { path, videoIndex: film.video.index };
  await encodeChunk(task, { ffmpeg: ffmpeg.path, source, folder: join(folder, "encode") });
  const encode = join(folder, "encode", task.outputs[0]?.file ?? "");
  return { folder, film, plan, source, encode };
}

type Files = Awaited<ReturnType<typeof filmAndEncode>>;

async function score({ folder, film, plan, source, encode }: Files, metric: Metric, firstFrame = 0) {
  const { ffmpeg } = await programs();
  const [scores = []] = await scoreFrames({
    ffmpeg: ffmpeg.path,
    source,
    sourceCodec: film.video.codec,
    plan,
    viewing: { ...size, metric },
    frames,
    encodes: [{ path: encode, firstFrame }],
    folder,
  });
  return scores;
}

/** Of every frame, as libvmaf gives them when it sees all. */
async function scoreAll({ folder, plan, source, encode }: Files): Promise<number[]> {
  const film = filterGraph(plan, plan.video.slice(0, 1), 0).replace(videoInput, `[1:${source.videoIndex}]`);
  const graph = `${film};[0:v]scale=320:180:flags=bicubic,settb=1/1000,setpts=N[a];[v0]settb=1/1000,setpts=N[b];[a][b]libvmaf=log_fmt=json:log_path=whole.json`;
  const inputs = ["-copyts", "-start_at_zero", "-i", encode, "-i", source.path];
  const { ffmpeg } = await programs();
  await readProgram(ffmpeg.path, ["-v", "error", ...inputs, "-lavfi", graph, "-f", "null", "-"], { folder });
  const whole = jsonFields(JSON.parse(await readFile(join(folder, "whole.json"), "utf8")));
  return whole.list("frames").map((frame) => frame.object("metrics").number("vmaf") ?? Number.NaN);
}

test("the VMAF of a few frames is what a run over the whole film gives them, and one frame beside they are worse", async () => {
  const files = await filmAndEncode();
  const scores = await score(files, "vmaf_v0.6.1");
  const all = await scoreAll(files);
  expect(all.length).toBeGreaterThan(115);
  expect(scores).toEqual(frames.map((frame) => all[frame]));

  const beside = await score(files, "vmaf_v0.6.1", 1);
  for (const [index, value] of scores.entries()) expect(value - (beside[index] ?? 100)).toBeGreaterThan(2);
});

test("without libvmaf it is the SSIM, of the same frames", async () => {
  const files = await filmAndEncode();
  const scores = await score(files, "ssim");
  const beside = await score(files, "ssim", 1);
  for (const [index, value] of scores.entries()) {
    expect(value).toBeGreaterThan(0.5);
    expect(value).toBeLessThan(1);
    expect(value).toBeGreaterThan(beside[index] ?? 1);
  }
});
