import type { PlaybackSession } from "./playback.ts";

export type Marker = PlaybackSession["markers"][number];
type Markers = readonly Marker[];

/** A button that goes as soon as it is read serves nobody, nor does a jump of a moment. */
const worthSeconds = 1;

/** What the viewer may skip at a moment; credits only where the film goes on after them. */
export function skippableAt(markers: Markers, seconds: number, durationSeconds: number): Marker | undefined {
  return markers.find(({ kind, start_seconds: start, end_seconds: end }) => {
    const here = start <= seconds && seconds < end - worthSeconds;
    return here && (kind !== "credits" || !isLast(end, durationSeconds));
  });
}

/** From where on the next episode is offered: the credits, or the last seconds where nobody said where those begin. */
export function nextEpisodeFrom(markers: Markers, durationSeconds: number): number {
  const credits = markers.find(({ kind }) => kind === "credits");
  if (!credits) return durationSeconds - Math.min(25, durationSeconds * 0.05);
  // A scene after the credits is part of the story.
  return isLast(credits.end_seconds, durationSeconds) ? credits.start_seconds : Infinity;
}

function isLast(endSeconds: number, durationSeconds: number): boolean {
  return endSeconds > durationSeconds - worthSeconds;
}
