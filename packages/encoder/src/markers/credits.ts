import type { FilmSamples } from "./film-samples.ts";
import type { Marker } from "./markers.ts";
import type { PictureSample } from "./picture-sample.ts";

/** Credits that were found, and what speaks for them. Nothing is marked before somebody says so. */
export interface MarkerProposal extends Marker {
  /** 0 to 1. */
  confidence: number;
  evidence: CreditsEvidence;
}

export interface CreditsEvidence {
  lengthSeconds: number;
  /** Share of the stretch that is black or text on black. */
  purity: number;
  /** Share of the stretch that is text on black. */
  text: number;
  /** Mean distance of the text from grey, 0 to 128. */
  colour: number;
  /** Black, and silence, where the credits begin. */
  blackSeconds: number;
  silenceSeconds: number;
  /** Jumps a minute of the picture, as cuts make them. */
  cutsPerMinute: number;
}

/** Below this it is not worth an operator's look. */
const proposedFrom = 0.6;
const silentBelowDb = -50;

/**
 * The end credits in a stretch that ends with the film: the run of samples that is all black, or text on black, with hardly anything else
 * in between, and nearly to the end. A cut is a large change between two samples; credits scroll, or change from page to page.
 */
export function findCredits(film: FilmSamples, durationSeconds: number): MarkerProposal | null {
  const { pictures, startSeconds, everySeconds } = film;
  const kinds = pictures.map(kindOf);
  const run = bestRun(kinds);
  if (!run) return null;
  const timeOf = (index: number): number => thousandths(startSeconds + index * everySeconds);
  const lengthSeconds = thousandths((run.end - run.start) * everySeconds);
  const leftSeconds = durationSeconds - timeOf(run.end);
  const begins = timeOf(run.start);
  const evidence = weigh(film, kinds, run, lengthSeconds);
  if (lengthSeconds < shortest(durationSeconds) || begins < durationSeconds * earliest || evidence.text < 0.4)
    return null;
  const confidence = confidenceOf(evidence, leftSeconds <= trailerSeconds, durationSeconds);
  if (confidence < proposedFrom) return null;
  const end = leftSeconds <= trailerSeconds ? {} : { endSeconds: timeOf(run.end) };
  return { kind: "credits", startSeconds: begins, ...end, confidence, evidence };
}

/** Of a trailer they may be half; a film's are looked for in its last part only. */
const earliest = 0.4;

/** Credits of a trailer are a page or two, those of a film last for minutes. */
function shortest(durationSeconds: number): number {
  return Math.min(10, Math.max(2.5, durationSeconds * 0.02));
}

/** A logo or a moment of black after the credits is no scene. */
const trailerSeconds = 8;

type Kind = "text" | "blank" | "scene";

function kindOf(picture: PictureSample): Kind {
  const { ground, even, ink, strokes, lines } = picture;
  if (ground > darkGround || even < 0.55) return "scene";
  if (ink > 0.0003 && ink < 0.35 && strokes > 0.4 && lines > 0.6) return "text";
  if (isBlack(picture)) return "blank";
  return "scene";
}

export function isBlack({ ground, even }: PictureSample): boolean {
  return ground < black && even > 0.98;
}

/** Of full-range luma: what an encoder leaves of black, and how bright a ground may be that white letters are read on. */
const black = 28;
const darkGround = 72;

interface Run {
  start: number;
  /** Past its last sample. */
  end: number;
}

/** What each kind adds to a run: black alone is none, and one of a scene undoes three of text. */
const worth: Record<Kind, number> = { text: 1, blank: 0.2, scene: -3 };

/** The run of the largest sum (Kadane), the last one of equals. */
function bestRun(kinds: readonly Kind[]): Run | null {
  let best: (Run & { sum: number }) | null = null;
  let [start, sum] = [0, 0];
  kinds.forEach((kind, index) => {
    if (sum <= 0) [start, sum] = [index, 0];
    sum += worth[kind];
    if (sum > 0 && sum >= (best?.sum ?? 0)) best = { start, end: index + 1, sum };
  });
  return best;
}

function weigh(
  { pictures, levels, everySeconds }: FilmSamples,
  kinds: readonly Kind[],
  { start, end }: Run,
  lengthSeconds: number,
): CreditsEvidence {
  const count = end - start;
  const inside = kinds.slice(start, end);
  const share = (...wanted: Kind[]): number => inside.filter((kind) => wanted.includes(kind)).length / count;
  const texts = pictures.slice(start, end).filter((_, index) => inside[index] === "text");
  const cuts = pictures.slice(start + 1, end).filter(({ change }) => change > 24).length;
  const firstText = inside.findIndex((kind) => kind !== "blank");
  const around = levels.slice(Math.max(0, start - 6), start + 7);
  return {
    lengthSeconds,
    purity: thousandths(share("text", "blank")),
    text: thousandths(share("text")),
    colour: thousandths(texts.reduce((sum, { colour }) => sum + colour, 0) / Math.max(1, texts.length)),
    blackSeconds: thousandths(Math.max(0, firstText) * everySeconds),
    silenceSeconds: thousandths(around.filter((level) => level < silentBelowDb).length * everySeconds),
    cutsPerMinute: thousandths((cuts / lengthSeconds) * 60),
  };
}

/** Shares of the confidence; each part says how much it looks like credits, from 0 to 1. */
function confidenceOf(evidence: CreditsEvidence, toTheEnd: boolean, durationSeconds: number): number {
  const { lengthSeconds, purity, text, colour, blackSeconds, silenceSeconds, cutsPerMinute } = evidence;
  const parts: [weight: number, part: number][] = [
    [0.2, ramp(purity, 0.8, 0.98)],
    [0.2, ramp(text, 0.4, 0.8)],
    [0.2, ramp(lengthSeconds / shortest(durationSeconds), 1, 2)],
    [0.1, 1 - ramp(colour, 8, 40)],
    [0.1, ramp(Math.max(blackSeconds, silenceSeconds), 0, 0.5)],
    [0.1, 1 - ramp(cutsPerMinute, 6, 30)],
    [0.1, toTheEnd ? 1 : 0],
  ];
  const confidence = parts.reduce((sum, [weight, part]) => sum + weight * part, 0);
  // Of what only looks like credits nobody can be quite sure.
  return Math.min(0.99, Math.round(confidence * 100) / 100);
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function ramp(value: number, low: number, high: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
