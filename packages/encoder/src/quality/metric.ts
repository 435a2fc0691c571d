import type { PictureSize } from "../plan/ladder.ts";
import type { Program } from "../programs/programs.ts";

/**
 * How pictures are judged: at the size of the ladder's best rung, to which all others are enlarged as a player does it. The VMAF models stand for
 * a screen three heights away (1.5 for 4K): https://github.com/Netflix/vmaf/blob/master/resource/doc/models.md
 */
export interface Viewing extends PictureSize {
  metric: Metric;
}

export type Metric = VmafModel | "ssim";
export type VmafModel = "vmaf_v0.6.1" | "vmaf_v0.6.1neg" | "vmaf_4k_v0.6.1";

/** libvmaf takes no picture with a smaller side. */
const leastVmafSide = 33;

/** VMAF where the ffmpeg has libvmaf; SSIM, which knows less of what people see, where it has not. */
export function viewingOf(top: PictureSize, { capabilities }: Pick<Program, "capabilities">): Viewing {
  const { width, height } = top;
  if (!capabilities.has("libvmaf") || Math.min(width, height) < leastVmafSide)
    return { width, height, metric: "ssim" };
  const is4k = Math.max(width, height) > 2560;
  return { width, height, metric: is4k ? "vmaf_4k_v0.6.1" : "vmaf_v0.6.1" };
}

/**
 * What an SSIM of the luma comes to on the scale of VMAF: the mean curve of four scenes of Big Buck Bunny, from which a single one is up to 20
 * away (SSIM takes lost grain for damage). So it compares encodes of one film well, and the ceiling is reached earlier or later.
 */
export function ssimScore(ssim: number): number {
  const decibels = -10 * Math.log10(Math.max(1e-5, 1 - ssim));
  return 100 * (1 - Math.exp(-((decibels / 12) ** 1.5)));
}
