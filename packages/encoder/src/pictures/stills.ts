import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { layout } from "../package/layout.ts";
import { fps } from "../plan/frame-rate.ts";
import type { PictureSize } from "../plan/ladder.ts";
import type { Plan } from "../plan/plan.ts";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { renditionFile } from "../work/rendition-file.ts";
import { jpeg } from "./jpeg.ts";
import { rankStills } from "./poster.ts";
import { readRawPictures } from "./raw-pictures.ts";
import { judgeStill, type StillQuality } from "./still-quality.ts";

/** A frame of the film that can serve as its poster, the best first. */
export interface PosterCandidate {
  /** In the package. */
  path: string;
  atSeconds: number;
  quality: StillQuality;
}

interface StillOptions {
  ffmpeg: string;
  plan: Plan;
  /** Holds the renditions. */
  renditionFolder: string;
  packageFolder: string;
  signal?: AbortSignal | undefined;
}

/** Wide enough to tell blur, which a thumbnail hides. */
const judgedWidth = 640;
const judged = "still.yuv";

/** Takes whole frames of the best rendition, judges them, and leaves the best in the package. The frames begin GOPs: one picture is decoded for each. */
export async function writePosters(
  options: StillOptions,
  frames: readonly number[],
): Promise<PosterCandidate[]> {
  const { plan, renditionFolder, packageFolder } = options;
  const stills = [];
  for (const frame of frames) {
    stills.push({
      file: join(renditionFolder, stillFile(frame)),
      atSeconds: frame / fps(plan.frameRate),
      quality: await takeStill(options, frame),
    });
  }
  await mkdir(join(packageFolder, layout.posterFolder), { recursive: true });
  const kept = rankStills(stills).map((still, index) => ({
    ...still,
    path: layout.posterCandidate(index + 1),
  }));
  for (const { file, path } of kept) await rename(file, join(packageFolder, path));
  for (const { file } of stills) await rm(file, { force: true });
  await rm(join(renditionFolder, judged), { force: true });
  const [best] = kept;
  if (best) await copyFile(join(packageFolder, best.path), join(packageFolder, layout.poster));
  return kept.map(({ path, atSeconds, quality }) => ({ path, atSeconds, quality }));
}

function stillFile(frame: number): string {
  return `still-${frame}.jpg`;
}

async function takeStill(
  { ffmpeg, plan, renditionFolder, signal }: StillOptions,
  frame: number,
): Promise<StillQuality> {
  const best = plan.video.find(({ codec }) => codec === "h264");
  if (!best) throw new RangeError("the plan has no H.264 rendition");
  const size = judgedSize(best);
  // Half a frame early: the seek takes the first frame at or after the time.
  const seconds = Math.max(0, (frame - 0.5) / fps(plan.frameRate));
  const once = ["-frames:v", "1"];
  const scale = (to: string): string[] => ["-vf", `scale=${to}out_range=pc,format=yuvj420p`];
  const job = {
    program: ffmpeg,
    folder: renditionFolder,
    // What follows the key frame is not even decoded: 0.15 CPU-s for a still of 1080p, not 0.4.
    input: {
      path: renditionFile(best.id),
      options: ["-threads", "1", "-skip_frame", "nokey", "-ss", seconds.toFixed(6)],
    },
    outputs: [
      {
        path: stillFile(frame),
        options: [...once, ...scale(""), ...jpeg("3"), "-update", "1", "-f", "image2"],
      },
      {
        path: judged,
        options: [...once, ...scale(`${size.width}:${size.height}:`), "-c:v", "rawvideo", "-f", "rawvideo"],
      },
    ],
  };
  await runFfmpeg(job, { signal });
  for await (const picture of readRawPictures(join(renditionFolder, judged), size)) {
    return judgeStill(picture, size);
  }
  throw new RangeError(`frame ${frame} is not in ${best.id}`);
}

function judgedSize({ width, height }: PictureSize): PictureSize {
  const scale = Math.min(1, judgedWidth / width);
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}
