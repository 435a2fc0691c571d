import type { DecodedFilm, DecodedPicture } from "./decoded-film.ts";

/** What of a damaged master did not come into the renditions as it was. */
export interface DamageFacts {
  /** Shown, with parts that the decoder made up or predicted from what is lost. */
  damagedFrames: number;
  /** Not to be decoded, or not in the file any more; the picture before stands in their place. */
  missingFrames: number;
  /** Of each sound track together. */
  silentSeconds: number;
  /** Where in the pictures, the first of them. */
  ranges: DamagedRange[];
}

export interface DamagedRange {
  startSeconds: number;
  endSeconds: number;
  damagedFrames: number;
  missingFrames: number;
}

/** Times in seconds of the film, rising. */
export interface LostPictures {
  shown: number[];
  damaged: number[];
  missing: number[];
}

export interface Cadence {
  framesPerSecond: number;
  /** Frames that are not there count where pictures come at even times and the container does not list them. */
  countsGaps: boolean;
}

/**
 * Holds what a forgiving decoder shows against what a strict one does: what the strict one refuses is damaged, whether the other knew it or not. HEVC's
 * decoder, for one, shows most damage without a word.
 */
export function findLostPictures(
  { packets, pictures }: DecodedFilm,
  strict: readonly number[],
  cadence: Cadence,
): LostPictures {
  const ordered = pictures.toSorted((a, b) => a.seconds - b.seconds);
  const shown = ordered.map(({ seconds }) => seconds);
  const held = packets.filter((seconds) => seconds >= 0).toSorted((a, b) => a - b);
  const missing = missingBetween(held, shown, cadence);
  const whole = new Set(strict.map(key));
  const refused = ordered.filter(({ seconds, concealed }) => concealed || !whole.has(key(seconds)));
  return { shown, damaged: spoiledBy(new Set(refused), missing, ordered), missing };
}

function missingBetween(
  held: readonly number[],
  shown: readonly number[],
  { framesPerSecond, countsGaps }: Cadence,
): number[] {
  const frame = 1 / framesPerSecond;
  const first = Math.min(...held.slice(0, 1), ...shown.slice(0, 1));
  const last = Math.max(...held.slice(-1), ...shown.slice(-1));
  const missing: number[] = [];
  let at = 0;
  let before = first - frame;
  for (const next of [...shown, last + frame]) {
    const inside: number[] = [];
    for (; (held[at] ?? next) < next - frame / 4; at += 1) {
      const packet = held[at];
      if (packet !== undefined && packet > before + frame / 4) inside.push(packet);
    }
    // A packet alone is no frame: some codecs have pictures that are only referred to.
    const room = Math.max(0, Math.round((next - before) * framesPerSecond) - 1);
    const gap = Array.from({ length: room }, (_, index) => before + (index + 1) * frame);
    // One by one: a time that is damaged makes a gap of hours, and a call takes only so many arguments.
    for (const lost of countsGaps ? gap : inside.slice(0, room)) missing.push(lost);
    before = next;
  }
  return missing;
}

/** From what is lost on, pictures are predicted from it until one comes that needs no other; no decoder tells of those. */
function spoiledBy(
  refused: ReadonlySet<DecodedPicture>,
  missing: readonly number[],
  pictures: readonly DecodedPicture[],
): number[] {
  const damaged: number[] = [];
  let at = 0;
  let isSpoiled = false;
  for (const picture of pictures) {
    const { seconds, isKey, isBidirectional } = picture;
    for (; (missing[at] ?? seconds) < seconds; at += 1) isSpoiled = true;
    if (isKey) isSpoiled = false;
    if (isSpoiled || refused.has(picture)) damaged.push(seconds);
    if (refused.has(picture) && !isBidirectional) isSpoiled = true;
  }
  return damaged;
}

/** Two decoders tell one picture's time with different digits. */
function key(seconds: number): number {
  return Math.round(seconds * 2000);
}

const shownRanges = 20;
/** Nearer ones are one. */
const rangeGapSeconds = 1;

export function damageFacts(
  { damaged, missing }: Pick<LostPictures, "damaged" | "missing">,
  framesPerSecond: number,
  silentSeconds: number,
): DamageFacts {
  const lost = [
    ...damaged.map((seconds) => ({ seconds, damagedFrames: 1, missingFrames: 0 })),
    ...missing.map((seconds) => ({ seconds, damagedFrames: 0, missingFrames: 1 })),
  ].toSorted((a, b) => a.seconds - b.seconds);
  const ranges: DamagedRange[] = [];
  for (const { seconds, damagedFrames, missingFrames } of lost) {
    const endSeconds = milliseconds(seconds + 1 / framesPerSecond);
    const range = ranges.at(-1);
    if (range && seconds - range.endSeconds <= rangeGapSeconds) {
      range.endSeconds = endSeconds;
      range.damagedFrames += damagedFrames;
      range.missingFrames += missingFrames;
    } else ranges.push({ startSeconds: milliseconds(seconds), endSeconds, damagedFrames, missingFrames });
  }
  return {
    damagedFrames: damaged.length,
    missingFrames: missing.length,
    silentSeconds: milliseconds(silentSeconds),
    ranges: ranges.slice(0, shownRanges),
  };
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** As the sound's filter does (audio/audio-graph.ts), gaps of less are left alone. */
const heardGapSeconds = 0.02;

/** Between the frames of one track that could be decoded. */
export function silentSecondsOf(frames: readonly { start: number; end: number }[]): number {
  let [silent, end] = [0, frames[0]?.start ?? 0];
  for (const frame of frames) {
    if (frame.start - end > heardGapSeconds) silent += frame.start - end;
    end = Math.max(end, frame.end);
  }
  return silent;
}
