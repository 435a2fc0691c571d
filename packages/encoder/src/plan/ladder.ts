/** A picture as it is shown: after rotation and with square pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/** A box that pictures are fitted into, and the most that one of that size may spend. */
export interface LadderStep extends PictureSize {
  maxrateKbps: number;
  /** Of H.264; the fixed ladder has one for all rungs. */
  crf?: number | undefined;
}

export interface Rung extends LadderStep {
  /** The height of the 16:9 picture that this one is a part of, as in `720p`; `720p-2` is the second of that size. */
  name: string;
}

/**
 * Apple's HLS authoring table for H.264 (the higher rate where it names two for one size), and above 1080p, where the
 * table has HEVC only, its HEVC rates times 1.4. Rates are ceilings: under them the CRF decides.
 * https://developer.apple.com/documentation/http-live-streaming/hls-authoring-specification-for-apple-devices
 */
export const fixedLadder: readonly LadderStep[] = [
  { width: 3840, height: 2160, maxrateKbps: 23_500 },
  { width: 2560, height: 1440, maxrateKbps: 11_400 },
  { width: 1920, height: 1080, maxrateKbps: 7_800 },
  { width: 1280, height: 720, maxrateKbps: 4_500 },
  { width: 960, height: 540, maxrateKbps: 2_000 },
  { width: 768, height: 432, maxrateKbps: 1_100 },
  { width: 640, height: 360, maxrateKbps: 600 },
  { width: 416, height: 234, maxrateKbps: 145 },
];

/** Two rungs closer than this in pixels only cost: the viewer sees no difference. */
const minPixelRatio = 1.3;
/** Below this a strip of a very wide picture is no longer worth a rung. */
const minSidePixels = 64;

/**
 * Fits the picture into each step, turned for portrait and never enlarged: the best rung is the source's own size when that
 * lies between two steps. Sizes are even and do not grow, rates fall strictly, the aspect ratio is kept.
 */
export function planLadder(
  source: PictureSize,
  framesPerSecond: number,
  ladder: readonly LadderStep[] = fixedLadder,
): Rung[] {
  const rungs: Rung[] = [];
  const steps = stepsFor(source, ladder);
  for (const [index, step] of steps.entries()) {
    const size = fit(source, step);
    const above = rungs.at(-1);
    // Two rates for one size are meant.
    const isSecond = isSameSize(steps[index - 1], step) && isSameSize(above, size);
    const tooClose = above !== undefined && pixels(above) < pixels(size) * minPixelRatio && !isSecond;
    const tooThin = above !== undefined && Math.min(size.width, size.height) < minSidePixels;
    if (tooClose || tooThin) continue;
    const name = uniqueName(size, rungs);
    const crf = step.crf === undefined ? {} : { crf: step.crf };
    rungs.push({ ...size, ...crf, name, maxrateKbps: maxrate(size, step, framesPerSecond) });
  }
  return rungs;
}

/** From the smallest size that holds the whole source (or the largest there is) downwards. */
function stepsFor(source: PictureSize, ladder: readonly LadderStep[]): readonly LadderStep[] {
  const smallest = ladder.findLast((step) => scaleInto(source, step) >= 1);
  return smallest ? ladder.slice(ladder.findIndex((step) => isSameSize(step, smallest))) : ladder;
}

function isSameSize(a: PictureSize | undefined, b: PictureSize): boolean {
  return a?.width === b.width && a.height === b.height;
}

function fit(source: PictureSize, step: LadderStep): PictureSize {
  const scale = Math.min(1, scaleInto(source, step));
  return {
    width: evenSide(source.width * scale, source.width),
    height: evenSide(source.height * scale, source.height),
  };
}

function scaleInto(source: PictureSize, step: PictureSize): number {
  const [long, short] = [Math.max(source.width, source.height), Math.min(source.width, source.height)];
  return Math.min(step.width / long, step.height / short);
}

/** 4:2:0 needs even sides; an odd source loses its last line instead of gaining one. */
function evenSide(side: number, limit: number): number {
  return Math.max(2, Math.min(2 * Math.round(side / 2), limit - (limit % 2)));
}

/** A 1920x800 film is called 1080p, as its 16:9 frame would be. */
function nameOf({ width, height }: PictureSize): string {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  return `${Math.max(short, Math.round((long * 9) / 16))}p`;
}

function uniqueName(size: PictureSize, above: readonly Rung[]): string {
  const same = above.filter((rung) => isSameSize(rung, size)).length;
  return same === 0 ? nameOf(size) : `${nameOf(size)}-${same + 1}`;
}

/** Bits grow with about the 0.75th power of the pixels (a rule of thumb), and a doubled frame rate adds about half. */
function maxrate(size: PictureSize, step: LadderStep, framesPerSecond: number): number {
  const filled = Math.min(1, pixels(size) / pixels(step)) ** 0.75;
  const faster = framesPerSecond > 31 ? 1.5 : 1;
  return Math.max(16, Math.round(step.maxrateKbps * filled * faster));
}

function pixels({ width, height }: PictureSize): number {
  return width * height;
}
