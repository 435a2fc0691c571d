import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { layout } from "../package/layout.ts";
import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import { jpeg } from "./jpeg.ts";
import { glanceAt, shortlist, stillCount } from "./poster.ts";
import { type PosterCandidate, writePosters } from "./stills.ts";
import { sheetName, thumbnailTrack } from "./thumbnails.ts";
import { renditionFile } from "../work/rendition-file.ts";

interface PictureOptions {
  ffmpeg: string;
  plan: Plan;
  /** Holds the renditions. */
  renditionFolder: string;
  packageFolder: string;
  signal?: AbortSignal | undefined;
}

export interface WrittenPictures {
  /** The best first. */
  posters: PosterCandidate[];
  thumbnailCount: number;
}

/** Makes the posters and the thumbnail sheets of the renditions; the master is not decoded again. */
export async function writePictures(options: PictureOptions): Promise<WrittenPictures> {
  const { plan, renditionFolder, packageFolder } = options;
  await writeRawThumbnails(options);
  const glances = await glanceAt(join(renditionFolder, rawThumbnails), plan.thumbnails);
  await mkdir(join(packageFolder, layout.thumbnailFolder), { recursive: true });
  await writeSheets(options);
  await writeFile(join(packageFolder, layout.thumbnails), thumbnailTrack(plan.thumbnails, glances.length));
  const count = stillCount(plan.expectedFrames / fps(plan.frameRate));
  const frames = shortlist(glances, count).map((index) => index * plan.thumbnails.everyFrames);
  return { posters: await writePosters(options, frames), thumbnailCount: glances.length };
}

/** Pictures of 4:2:0 with full range, one after the other. */
const rawThumbnails = "thumbnails.yuv";

/** Of the smallest rendition that is still twice the size of a thumbnail: sharp, and cheap to decode. */
async function writeRawThumbnails({ ffmpeg, plan, renditionFolder, signal }: PictureOptions): Promise<void> {
  const { width, height, everyFrames } = plan.thumbnails;
  const h264 = plan.video.filter(({ codec }) => codec === "h264");
  const from = h264.findLast((rendition) => rendition.width >= width * 2) ?? h264[0];
  if (!from) return;
  // `select` counts the key frames that alone are decoded.
  const select = `select=not(mod(n\\,${everyFrames / plan.gopFrames}))`;
  const picture = `${select},scale=${width}:${height}:out_range=pc,format=yuvj420p`;
  const job = {
    program: ffmpeg,
    folder: renditionFolder,
    input: { path: renditionFile(from.id), options: ["-skip_frame", "nokey"] },
    outputs: [
      {
        path: rawThumbnails,
        options: ["-vf", picture, "-fps_mode", "passthrough", "-c:v", "rawvideo", "-f", "rawvideo"],
      },
    ],
  };
  await runFfmpeg(job, { signal });
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
    input: { path: rawThumbnails, options: raw },
    outputs: [
      {
        path,
        options: ["-vf", `tile=${columns}x${rows}`, ...jpeg("4"), "-fps_mode", "passthrough", "-f", "image2"],
      },
    ],
  };
  await runFfmpeg(job, { signal });
}
