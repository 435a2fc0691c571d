import type { Marker } from "./markers.ts";

/** Who says so: what an operator has set stays, what an ingest was given replaces what was detected, and all of it what is older. */
export type MarkerSource = "operator" | "ingest" | "detected";

export interface SourcedMarker extends Marker {
  source: MarkerSource;
}

const rank: Record<MarkerSource, number> = { operator: 3, ingest: 2, detected: 1 };

/**
 * What a title's markers come to when others are offered: one of a kind, none over another. Who has more to say wins, and among equals
 * the newer. What lies past the end of the film is left out.
 */
export function mergeMarkers(
  present: readonly SourcedMarker[],
  offered: readonly SourcedMarker[],
  durationSeconds: number,
): SourcedMarker[] {
  const merged: SourcedMarker[] = [];
  const ordered = [...offered, ...present].toSorted((a, b) => rank[b.source] - rank[a.source]);
  for (const marker of ordered) {
    const { startSeconds, endSeconds, ...who } = marker;
    if (startSeconds >= durationSeconds) continue;
    const end = endSeconds === undefined ? {} : { endSeconds: Math.min(endSeconds, durationSeconds) };
    const within = { ...who, startSeconds, ...end };
    if (!merged.some((other) => other.kind === marker.kind || overlap(other, within))) merged.push(within);
  }
  return merged.toSorted((a, b) => a.startSeconds - b.startSeconds);
}

function overlap(a: Marker, b: Marker): boolean {
  return a.startSeconds < (b.endSeconds ?? Infinity) && b.startSeconds < (a.endSeconds ?? Infinity);
}
