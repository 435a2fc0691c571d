import type { MarkerSpan } from "../media/index.ts";

/** Below this share of the title nobody has begun it. */
export const begunFrom = 0.02;
/** Nobody comes back for the credits; where nobody said where they begin, this share stands for them. */
const usualCreditsFrom = 0.95;

export type WatchStage = "not_begun" | "watching" | "finished";

export interface Place {
  positionSeconds: number;
  durationSeconds: number;
  /** Within the film; undefined where nobody knows. */
  creditsStartSeconds?: number | undefined;
}

/** From 0 to 1; a title without length is not begun. */
export function progressOf({ positionSeconds, durationSeconds }: Place): number {
  if (!(durationSeconds > 0)) return 0;
  return Math.min(1, Math.max(0, positionSeconds / durationSeconds));
}

/** "watching" from 2 % up to where the credits begin. */
export function stageOf(place: Place): WatchStage {
  const { positionSeconds, durationSeconds } = place;
  const { creditsStartSeconds = durationSeconds * usualCreditsFrom } = place;
  if (progressOf(place) < begunFrom) return "not_begun";
  return positionSeconds > creditsStartSeconds ? "finished" : "watching";
}

/** Of a title's markers, where its credits begin. */
export function creditsStartOf(markers: readonly MarkerSpan[] = []): number | undefined {
  return markers.find(({ kind }) => kind === "credits")?.startSeconds;
}

/** Where to begin: 0 unless the title is being watched, and never past its end. */
export function resumePosition(place: Place | undefined): number {
  return place !== undefined && stageOf(place) === "watching" ? place.positionSeconds : 0;
}

/** A position past the end is the end. */
export function clampPosition({ positionSeconds, durationSeconds }: Place): number {
  return Math.min(Math.max(0, positionSeconds), durationSeconds);
}
