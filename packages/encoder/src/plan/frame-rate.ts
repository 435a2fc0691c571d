/** A frame rate as the containers write it, so that 30000/1001 stays exact. */
export interface FrameRate {
  num: number;
  den: number;
}

const standardRates: readonly FrameRate[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
];

/** No delivery profile of HLS goes past 60 frames a second. */
const maxFps = 60;

/** Reads `24000/1001`; `0/0`, which ffprobe writes for "unknown", is null. */
export function parseFrameRate(text: string | undefined): FrameRate | null {
  const match = /^(\d+)\/(\d+)$/.exec(text ?? "");
  const [num, den] = [Number(match?.[1]), Number(match?.[2])];
  return num > 0 && den > 0 ? { num, den } : null;
}

export function fps(rate: FrameRate): number {
  return rate.num / rate.den;
}

export function formatFrameRate(rate: FrameRate): string {
  return rate.den === 1 ? `${rate.num}` : `${rate.num}/${rate.den}`;
}

/** Frames of a closed GOP of about two seconds: 48 at 23.976, 60 at 29.97. */
export function gopFrames(rate: FrameRate): number {
  return Math.max(1, Math.round(fps(rate) * 2));
}

export function gopSeconds(rate: FrameRate): number {
  return (gopFrames(rate) * rate.den) / rate.num;
}

/** ffprobe's two rates differ when frames come at uneven times (r is the least common multiple of them). */
export function isVariable(average: FrameRate, real: FrameRate): boolean {
  return Math.abs(fps(real) / fps(average) - 1) > 0.005;
}

/**
 * The constant rate that every rendition gets. A variable source takes the standard rate nearest to its average, a
 * constant one keeps its own; one past 60 is halved until it fits (120 -> 60), which drops whole frames evenly.
 */
export function outputFrameRate(average: FrameRate, real: FrameRate): FrameRate {
  const rate = snap(average, isVariable(average, real));
  let { num, den } = rate;
  while (num / den > maxFps + 0.01) den *= 2;
  return reduce({ num, den });
}

function snap(average: FrameRate, variable: boolean): FrameRate {
  const nearest = standardRates.reduce((best, rate) =>
    distance(rate, average) < distance(best, average) ? rate : best,
  );
  // Containers with coarse clocks (Matroska counts milliseconds) report 23.98 as 19001/792 and the like.
  const tolerance = variable ? Number.POSITIVE_INFINITY : 0.0005;
  const inRange = fps(average) <= maxFps + 0.5 && fps(average) >= 20;
  return inRange && distance(nearest, average) <= tolerance ? nearest : average;
}

function distance(a: FrameRate, b: FrameRate): number {
  return Math.abs(fps(a) / fps(b) - 1);
}

function reduce({ num, den }: FrameRate): FrameRate {
  let [a, b] = [num, den];
  while (b > 0) [a, b] = [b, a % b];
  return { num: num / a, den: den / a };
}
