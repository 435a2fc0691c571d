import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";

/** VMAF judges motion by the frames on both sides, and takes the first frame that it sees for a still. */
export const leadFrames = 3;

/** Few enough to cost little, enough of a long film for its worst percent. */
const secondsPerFrame = 20;
const frameLimits = { least: 2, most: 120 };
/** Decoding up to a place is most of what its first frame costs. */
const framesPerWindow = 3;
/** Not a part of any GOP: neighbours at this distance are frames of all kinds. */
const windowStep = 7;

/** Runs of frames that are near one another, spread evenly. Empty where the film is too short for one. */
export function framesToMeasure(frames: number, { frameRate }: Pick<Plan, "frameRate">): number[][] {
  const wanted = Math.round(frames / fps(frameRate) / secondsPerFrame);
  const count = Math.min(frameLimits.most, Math.max(frameLimits.least, wanted));
  const windows = Math.ceil(count / framesPerWindow);
  const perWindow = Math.ceil(count / windows);
  const room = frames / windows;
  const span = (perWindow - 1) * windowStep + 2;
  return Array.from({ length: windows }, (_, index) => {
    const middle = Math.floor((index + 0.5) * room - span / 2);
    return Array.from({ length: perWindow }, (_, step) => Math.max(leadFrames, middle) + step * windowStep);
  })
    .map((window) => window.filter((frame) => frame + 1 < frames))
    .filter((window) => window.length > 0);
}
