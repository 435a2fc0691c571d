import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { noSpace, systemErrorCode } from "../errors.ts";
import { fps } from "./frame-rate.ts";
import type { Plan } from "./plan.ts";
import type { Source } from "../source/probe.ts";

/** At CRF 21 films spend this share of the ceiling on average; animation less, grain up to all of it. */
const shareOfMaxrate = 0.6;
/** The renditions and the package made of them lie side by side for a moment. */
const copies = 2;
const reserveBytes = 32_000_000;

export function predictPackageBytes(plan: Plan): number {
  const seconds = plan.expectedFrames / fps(plan.frameRate);
  const video = plan.video.reduce((sum, { maxrateKbps }) => sum + maxrateKbps * shareOfMaxrate, 0);
  const audio = plan.audio.reduce((sum, { bitrateKbps }) => sum + bitrateKbps, 0);
  return Math.round((seconds * (video + audio) * 1000) / 8);
}

/** What the package will weigh rather than what it may: a master that spends little has little in it to spend on. */
export function likelyPackageBytes(
  plan: Plan,
  { video, bitrateBps }: Pick<Source, "video" | "bitrateBps">,
): number {
  const sourceKbps = ((video.bitrateBps ?? bitrateBps ?? Number.POSITIVE_INFINITY) / 1000) * generations;
  const sourcePixels = video.displayWidth * video.displayHeight;
  const spent = plan.video.map((rendition) => {
    const { width, height, maxrateKbps } = rendition;
    const ofSource = sourceKbps * ((width * height) / sourcePixels) ** 0.75;
    return { ...rendition, maxrateKbps: Math.min(maxrateKbps, ofSource / shareOfMaxrate) };
  });
  return predictPackageBytes({ ...plan, video: spent });
}

/** What is encoded a second time spends on the traces of the first. */
const generations = 1.3;

export function predictDiskBytes(plan: Plan): number {
  const { width, height, everyFrames } = plan.thumbnails;
  const rawThumbnails = (plan.expectedFrames / everyFrames) * width * height * 1.5;
  return Math.round(predictPackageBytes(plan) * copies + rawThumbnails) + reserveBytes;
}

/** On the disk that holds the folder, or will once the folder is made. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(resolve(folder));
    if (systemErrorCode(error) !== "ENOENT" || parent === folder) throw error;
    return freeBytes(parent);
  }
}

/** Throws `no_space` before an hour of work, where the disk cannot hold the result. */
export async function requireSpace(folder: string, plan: Plan): Promise<void> {
  const needed = predictDiskBytes(plan);
  if ((await freeBytes(folder)) < needed) throw noSpace(folder, needed);
}
