import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { fps } from "../plan/frame-rate.ts";
import { layout } from "../package/package.ts";
import type { Plan } from "../plan/plan.ts";
import { choosePoster, type PosterChoice } from "./poster.ts";
import { sheetName, thumbnailTrack } from "./thumbnails.ts";
import { transcoded } from "../video/transcode.ts";

interface PictureOptions {
  ffmpeg: string;
  plan: Plan;
  /** Holds what the transcode left. */
  renditionFolder: string;
  packageFolder: string;
  signal?: AbortSignal | undefined;
}

/** Makes the poster and the thumbnail sheets of what the transcode left; the master is not decoded again. */
export async function writePictures(options: PictureOptions): Promise<PosterChoice> {
  const { plan, renditionFolder, packageFolder } = options;
  const poster = await choosePoster(join(renditionFolder, transcoded.thumbnails), plan.thumbnails);
  await mkdir(join(packageFolder, layout.thumbnailFolder), { recursive: true });
  await writeSheets(options);
  await writeFile(join(packageFolder, layout.thumbnails), thumbnailTrack(plan.thumbnails, poster.pictures));
  await writePoster(options, poster.index * plan.thumbnails.everyFrames);
  return poster;
}

async function writeSheets({
  ffmpeg,
  plan,
  renditionFolder,
  packageFolder,
  signal,
}: PictureOptions): Promise<void> {
  const { width, height, columns, rows } = plan.thumbnails;
  // Relative, because a % in the work folder's path would be a pattern.
  const path = join(relative(renditionFolder, packageFolder), layout.thumbnailFolder, sheetName("%d"));
  const raw = ["-f", "rawvideo", "-pixel_format", "yuvj420p", "-video_size", `${width}x${height}`];
  const job = {
    program: ffmpeg,
    folder: renditionFolder,
    input: { path: transcoded.thumbnails, options: raw },
    outputs: [
      {
        path,
        options: ["-vf", `tile=${columns}x${rows}`, ...jpeg("4"), "-fps_mode", "passthrough", "-f", "image2"],
      },
    ],
  };
  await runFfmpeg(job, { signal });
}

/** One frame of the best rendition; at most a GOP is decoded for it. */
async function writePoster(
  { ffmpeg, plan, renditionFolder, packageFolder, signal }: PictureOptions,
  frame: number,
): Promise<void> {
  const best = plan.video[0];
  if (!best) return;
  // Half a frame early: the seek takes the first frame at or after the time.
  const seconds = Math.max(0, (frame - 0.5) / fps(plan.frameRate));
  const picture = [
    "-frames:v",
    "1",
    "-vf",
    "scale=out_range=pc,format=yuvj420p",
    ...jpeg("3"),
    "-update",
    "1",
  ];
  const job = {
    program: ffmpeg,
    folder: renditionFolder,
    input: { path: transcoded.video(best.id), options: ["-ss", seconds.toFixed(6)] },
    outputs: [
      {
        path: join(relative(renditionFolder, packageFolder), layout.poster),
        options: [...picture, "-f", "image2"],
      },
    ],
  };
  await runFfmpeg(job, { signal });
}

function jpeg(quality: string): string[] {
  return ["-c:v", "mjpeg", "-q:v", quality, "-flags:v", "+bitexact", "-fflags", "+bitexact"];
}
