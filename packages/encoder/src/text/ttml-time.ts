import type { XmlElement } from "../xml.ts";

/** What a document says about its clock (TTML2 section 7.2 and 12). */
export interface TtmlClock {
  /** As counted in `HH:MM:SS:FF`. */
  frameRate: number;
  /** As they go by: the rate times its multiplier, 29.97 for 30 times 1000/1001. */
  effectiveFrameRate: number;
  subFrameRate: number;
  tickRate: number;
  /** Labels of a tape, counted on without regard to the multiplier. */
  smpte: boolean;
  dropFrames: boolean;
}

const defaultFrameRate = 30;

export function readClock({ attributes }: XmlElement): TtmlClock {
  const given = positive(attributes.get("frameRate"));
  const frameRate = given ?? defaultFrameRate;
  const [num = 1, den = 1] = (attributes.get("frameRateMultiplier") ?? "1 1").split(/[\s:]+/).map(Number);
  const effectiveFrameRate = num > 0 && den > 0 ? (frameRate * num) / den : frameRate;
  const subFrameRate = positive(attributes.get("subFrameRate")) ?? 1;
  return {
    frameRate,
    effectiveFrameRate,
    subFrameRate,
    tickRate:
      positive(attributes.get("tickRate")) ?? (given === null ? 1 : effectiveFrameRate * subFrameRate),
    smpte: attributes.get("timeBase") === "smpte",
    dropFrames: /^drop/i.test(attributes.get("dropMode") ?? ""),
  };
}

const clockTime = /^(\d{2,}):(\d{2}):(\d{2})(?:(\.\d+)|:(\d{2,})(?:\.(\d+))?)?$/;
const offsetTime = /^(\d+(?:\.\d+)?)(h|ms|m|s|f|t)$/;

/** `00:01:02.5`, `00:01:02:12`, `62.5s`, `1500f`, `620000t` in milliseconds; null for anything else. */
export function parseTtmlTime(text: string, clock: TtmlClock): number | null {
  const label = clockTime.exec(text);
  if (label) return Math.round(labelSeconds(label, clock) * 1000);
  const [, value, unit] = offsetTime.exec(text) ?? [];
  return value === undefined || unit === undefined
    ? null
    : Math.round(Number(value) * unitSeconds(unit, clock) * 1000);
}

function labelSeconds(
  [, h, m, s, fraction = "0", f = "0", sub = "0"]: RegExpExecArray,
  clock: TtmlClock,
): number {
  const [hours, minutes] = [Number(h), Number(m)];
  const seconds = (hours * 60 + minutes) * 60 + Number(s);
  const frames = Number(f) + Number(sub) / clock.subFrameRate;
  if (!clock.smpte) return seconds + Number(fraction) + frames / clock.effectiveFrameRate;
  // TTML2 section 12.3.1: two labels are left out in each minute that is no tenth, so that labels keep up with the clock.
  const dropped = clock.dropFrames ? 2 * (hours * 54 + minutes - Math.floor(minutes / 10)) : 0;
  return (seconds * clock.frameRate - dropped + frames) / clock.effectiveFrameRate + Number(fraction);
}

function unitSeconds(unit: string, { effectiveFrameRate, tickRate }: TtmlClock): number {
  if (unit === "f") return 1 / effectiveFrameRate;
  if (unit === "t") return 1 / tickRate;
  return { h: 3600, m: 60, s: 1, ms: 0.001 }[unit] ?? 1;
}

function positive(text: string | undefined): number | null {
  const value = Number(text);
  return value > 0 && Number.isFinite(value) ? value : null;
}
