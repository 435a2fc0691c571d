import { EncoderError, type EncoderErrorCode } from "../errors.ts";
import { type FrameRate, fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Source } from "../source/probe.ts";
import { parseTimePoint } from "./time-point.ts";

export const markerKinds = ["intro", "recap", "credits"] as const;
export type MarkerKind = (typeof markerKinds)[number];

/**
 * As an operator writes it: seconds, HH:MM:SS(.mmm) or the timecode HH:MM:SS:FF. Timecode counts from the master's own, where it has one
 * that begins before; all others from the first picture.
 */
export interface MarkerInput {
  kind: string;
  start: string;
  /** To the end of the film where it is left out; only credits may. */
  end?: string | undefined;
}

export interface Marker {
  kind: MarkerKind;
  startSeconds: number;
  endSeconds?: number;
}

export interface Film {
  frameRate: FrameRate;
  durationSeconds: number;
  startTimecode: string | null;
}

export function filmOf(
  { frameRate, expectedFrames }: Pick<Plan, "frameRate" | "expectedFrames">,
  { startTimecode }: Pick<Source, "startTimecode">,
): Film {
  return { frameRate, durationSeconds: expectedFrames / fps(frameRate), startTimecode };
}

/** Who reads times off a player rounds the film's end up to a whole second. */
const slackSeconds = 1;

/** What is marked of a film, in order of time. Throws `marker_not_valid`, `marker_*` or `markers_overlap`; an ingest asks before it encodes anything. */
export function resolveMarkers(inputs: readonly MarkerInput[], film: Film): Marker[] {
  const markers = inputs.map((input) => resolveMarker(input, film));
  const ordered = markers.toSorted((a, b) => a.startSeconds - b.startSeconds);
  ordered.forEach((marker, index) => {
    const { kind } = marker;
    if (ordered.some((other, place) => other.kind === kind && place < index)) {
      throw refuse(
        "marker_kind_repeated",
        `The film has two markers of the kind ${kind}.`,
        "Give one of a kind.",
      );
    }
    const before = ordered[index - 1];
    if (before && (before.endSeconds ?? Infinity) > marker.startSeconds) {
      const message = `The ${kind} begins before the ${before.kind} has ended.`;
      throw refuse("markers_overlap", message, "Let one end where the other begins.", marker.startSeconds);
    }
  });
  return ordered;
}

function resolveMarker({ kind: word, start, end }: MarkerInput, film: Film): Marker {
  const { frameRate, durationSeconds, startTimecode } = film;
  const kind = markerKinds.find((known) => known === word);
  if (!kind) {
    throw refuse(
      "marker_not_valid",
      `A marker is of the kind "${word}".`,
      `Name one of ${markerKinds.join(", ")}.`,
    );
  }
  const seconds = (text: string): number => {
    const point = parseTimePoint(text, frameRate, startTimecode);
    if (point !== null) return point;
    const hint =
      "Write seconds (65.5), HH:MM:SS.mmm, or the timecode HH:MM:SS:FF with frames that the film's rate has.";
    throw refuse("marker_not_valid", `The ${kind}'s time "${text}" is none.`, hint);
  };
  const startSeconds = seconds(start);
  const endSeconds = end === undefined ? undefined : seconds(end);
  const length = `The film lasts ${durationSeconds.toFixed(3)} s; give times within it.`;
  if (startSeconds >= durationSeconds) {
    throw refuse("marker_beyond_end", `The ${kind} begins at ${start}, past the end of the film.`, length);
  }
  if (endSeconds === undefined) {
    if (kind === "credits") return { kind, startSeconds };
    const hint = `Write where it ends too, such as ${kind}=${start}-00:02:10.`;
    throw refuse("marker_end_missing", `The ${kind} has no end.`, hint, startSeconds);
  }
  if (endSeconds <= startSeconds) {
    throw refuse("marker_empty", `The ${kind} ends before it begins.`, "Swap its two times.", startSeconds);
  }
  if (endSeconds > durationSeconds + slackSeconds) {
    throw refuse("marker_beyond_end", `The ${kind} ends at ${end}, past the end of the film.`, length);
  }
  return { kind, startSeconds, endSeconds: Math.min(endSeconds, durationSeconds) };
}

function refuse(code: EncoderErrorCode, message: string, hint: string, atSeconds?: number): EncoderError {
  return new EncoderError(code, { message, hint, ...(atSeconds === undefined ? {} : { atSeconds }) });
}
