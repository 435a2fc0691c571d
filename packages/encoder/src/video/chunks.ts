import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";

/** A run of frames that is encoded by itself: the unit of resume, of retry and of fan-out. */
export interface Chunk {
  index: number;
  firstFrame: number;
  /**
   * Null for the last one, which goes on to the film's last frame: only decoding tells how many there are. Of a film with damage at its end the last one is
   * as long as the container says.
   */
  frames: number | null;
}

/** Every chunk begins with a segment, so that the cuts show in no manifest. */
export function planChunks({
  expectedFrames,
  segmentFrames,
  frameRate,
  tolerateErrors,
}: ChunkedPlan): Chunk[] {
  const segments = Math.max(1, Math.floor(expectedFrames / segmentFrames));
  const wanted = wantedSeconds(expectedFrames / fps(frameRate));
  const perChunk = Math.ceil((wanted * fps(frameRate)) / segmentFrames);
  const count = Math.max(1, Math.floor(segments / perChunk));
  const firstSegments = Array.from({ length: count }, (_, index) => Math.round((index * segments) / count));
  return firstSegments.map((first, index) => {
    const next = firstSegments[index + 1];
    const firstFrame = first * segmentFrames;
    const atEnd = tolerateErrors ? expectedFrames - firstFrame : null;
    return { index, firstFrame, frames: next === undefined ? atEnd : (next - first) * segmentFrames };
  });
}

type ChunkedPlan = Pick<Plan, "expectedFrames" | "segmentFrames" | "frameRate" | "tolerateErrors">;

/** How many frames a chunk should come to; of the last one it is a guess. */
export function expectedFramesOf({ firstFrame, frames }: Chunk, { expectedFrames }: ChunkedPlan): number {
  return frames ?? Math.max(1, expectedFrames - firstFrame);
}

/**
 * Short ones keep every core busy and lose little to a kill; each costs a new start of the rate control and the decoding of the
 * frames between the master's last key frame and its own first one.
 */
function wantedSeconds(filmSeconds: number): number {
  return Math.min(20, Math.max(10, filmSeconds / 60));
}
