import type { Warning } from "../errors.ts";
import type { Program } from "../programs/programs.ts";
import { isProbed } from "../quality/probe-grid.ts";
import { planSampling, shortestSeconds } from "../quality/sampling.ts";
import type { LadderPlan } from "./ladder-plan.ts";
import type { Plan } from "./plan.ts";
import type { VideoOptions } from "./plan-video.ts";

/**
 * A film of its own ladder gets the same quality for a third of the bits less, which pays where it is watched more than a few times; so that is
 * what is done unless it is told otherwise, the film is too short for it, or the ffmpeg cannot judge by VMAF.
 */
export function chooseLadder(
  plan: Pick<Plan, "ladder" | "video" | "poster" | "expectedFrames" | "gopFrames" | "frameRate">,
  choice: VideoOptions["ladder"],
  { capabilities }: Pick<Program, "capabilities">,
): { ladder: LadderPlan; warnings: Warning[] } {
  if (choice === "fixed" || plan.ladder.from === "file") return { ladder: plan.ladder, warnings: [] };
  const metric = capabilities.has("libvmaf") ? "vmaf" : "ssim";
  const sampling = planSampling(plan);
  if (!sampling) {
    const minutes = (shortestSeconds(plan) / 60).toFixed(1);
    return skipped(
      `The film is shorter than ${minutes} minutes: it gets the fixed ladder, not one of its own.`,
    );
  }
  if (!plan.video.some(isProbed)) {
    return skipped("Hardware encoders get the fixed ladder: their quality cannot be chosen.");
  }
  if (metric === "ssim" && choice !== "per-title") {
    return skipped(
      "This ffmpeg has no libvmaf: the film gets the fixed ladder. --ladder per-title judges by SSIM.",
    );
  }
  return { ladder: { from: "analysis", version: 1, metric, ...sampling }, warnings: [] };
}

function skipped(message: string): { ladder: LadderPlan; warnings: Warning[] } {
  return { ladder: { from: "fixed" }, warnings: [{ code: "analysis_skipped", message }] };
}
