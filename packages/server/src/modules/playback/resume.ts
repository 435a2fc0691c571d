/** Below this share of the title nobody has begun it; above the other, nobody comes back for the credits. */
export const begunFrom = 0.02;
const finishedFrom = 0.95;

export type WatchStage = "not_begun" | "watching" | "finished";

export interface Place {
  positionSeconds: number;
  durationSeconds: number;
}

/** From 0 to 1; a title without length is not begun. */
export function progressOf({ positionSeconds, durationSeconds }: Place): number {
  if (!(durationSeconds > 0)) return 0;
  return Math.min(1, Math.max(0, positionSeconds / durationSeconds));
}

/** "watching" from 2 % up to and including 95 %. */
export function stageOf(place: Place): WatchStage {
  const progress = progressOf(place);
  if (progress < begunFrom) return "not_begun";
  return progress > finishedFrom ? "finished" : "watching";
}

/** Where to begin: 0 unless the title is being watched, and never past its end. */
export function resumePosition(place: Place | undefined): number {
  return place !== undefined && stageOf(place) === "watching" ? place.positionSeconds : 0;
}

/** A position past the end is the end. */
export function clampPosition({ positionSeconds, durationSeconds }: Place): number {
  return Math.min(Math.max(0, positionSeconds), durationSeconds);
}
