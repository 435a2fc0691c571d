import type { components } from "@flix/openapi";
import { FlixError } from "../../kernel/errors.ts";

type NewMarker = components["schemas"]["NewMarker"];
export type Marker = components["schemas"]["Marker"];

/** A span that a player can act on: its end is known. */
export interface MarkerSpan {
  kind: Marker["kind"];
  startSeconds: number;
  endSeconds: number;
}

/** At most one of a kind, each with a length, all within the film, none over another; the first fault is told. Answers them in order of time. */
export function requireMarkers(markers: readonly NewMarker[], durationSeconds = Infinity): Marker[] {
  markers.forEach((marker, index) => {
    const { kind, start_seconds: start, end_seconds: end } = marker;
    const refuse = refusalOf(`/markers/${index}`, durationSeconds);
    if (markers.findIndex((other) => other.kind === kind) < index) throw refuse("marker_kind_repeated");
    if (end === undefined && kind !== "credits") throw refuse("marker_end_missing", "/end_seconds");
    if (end !== undefined && end <= start) throw refuse("marker_empty", "/end_seconds");
    if (start >= durationSeconds) throw refuse("marker_beyond_end", "/start_seconds");
    if (end !== undefined && end > durationSeconds) throw refuse("marker_beyond_end", "/end_seconds");
    const over = markers.findIndex((other, place) => place < index && overlap(marker, other));
    if (over >= 0) throw refuse("markers_overlap");
  });
  return markers
    .toSorted((a, b) => a.start_seconds - b.start_seconds)
    .map((marker) => ({ source: "operator", ...marker }));
}

/** What of the markers lies in a film of this length: another package than they were set for may be shorter. */
export function spansWithin(markers: readonly Marker[], durationSeconds: number): MarkerSpan[] {
  return markers
    .filter(({ start_seconds }) => start_seconds < durationSeconds)
    .map(({ kind, start_seconds, end_seconds = durationSeconds }) => ({
      kind,
      startSeconds: start_seconds,
      endSeconds: Math.min(end_seconds, durationSeconds),
    }));
}

type Code = Extract<FlixError["code"], `marker${string}`>;

function refusalOf(pointer: string, durationSeconds: number): (code: Code, field?: string) => FlixError {
  const messages: Record<Code, string> = {
    marker_kind_repeated: "is of a kind that stands in the list already",
    marker_end_missing: "is needed",
    marker_empty: "must be greater than start_seconds",
    marker_beyond_end: `must lie within the film's ${durationSeconds} s`,
    markers_overlap: "overlaps one before it",
  };
  return (code, field = "") => {
    const message = messages[code];
    return new FlixError(code, {
      detail: `${pointer}${field} ${message}.`,
      errors: [{ pointer: pointer + field, message }],
    });
  };
}

function overlap(a: NewMarker, b: NewMarker): boolean {
  return a.start_seconds < (b.end_seconds ?? Infinity) && b.start_seconds < (a.end_seconds ?? Infinity);
}
