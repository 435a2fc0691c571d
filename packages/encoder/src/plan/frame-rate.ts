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
 * The constant rate that every rendition gets. A variable source takes the standard rate nearest to the one that most of its frames come at
 * (`cadence`, a second), a constant one keeps its own; one past 60 is halved until it fits (120 -> 60), which drops whole frames evenly.
 */
export function outputFrameRate(average: FrameRate, real: FrameRate, cadence = fps(average)): FrameRate {
  const rate = isVariable(average, real) ? nearestStandardRate(cadence) : snap(average);
  let { num, den } = rate;
  while (num / den > maxFps + 0.01) den *= 2;
  return reduce({ num, den });
}

function nearestStandardRate(framesPerSecond: number): FrameRate {
  return standardRates.reduce((best, rate) =>
    distance(rate, framesPerSecond) < distance(best, framesPerSecond) ? rate : best,
  );
}

/** Containers with coarse clocks (Matroska counts milliseconds) report 23.98 as 19001/792 and the like. */
function snap(rate: FrameRate): FrameRate {
  const nearest = nearestStandardRate(fps(rate));
  return distance(nearest, fps(rate)) <= 0.0005 ? nearest : rate;
}

function distance(rate: FrameRate, framesPerSecond: number): number {
  return Math.abs(Math.log(fps(rate) / framesPerSecond));
}

function reduce({ num, den }: FrameRate): FrameRate {
  let [a, b] = [num, den];
  while (b > 0) [a, b] = [b, a % b];
  return { num: num / a, den: den / a };
}
