import type { PictureSize } from "../plan/ladder.ts";

/** How a picture would do as a poster: each part from 0 to 1, and what they come to. */
export interface StillQuality {
  score: number;
  sharpness: number;
  exposure: number;
  contrast: number;
  colourfulness: number;
  /** What the sharpness follows from; see `edgesOf`. */
  edges: number;
  /** What rules it out, however good the rest is. */
  fault?: "black" | "white" | "flat" | "blurred";
}

/** Shares of the score. Sharpness counts most: a poster is shown large, and motion blur is the fault that thumbnails hide. */
const weights = { sharpness: 0.35, exposure: 0.25, contrast: 0.2, colourfulness: 0.2 };

/** Judges a picture in full-range 4:2:0 (yuvj420p), its planes one after the other. */
export function judgeStill(picture: Uint8Array, size: PictureSize): StillQuality {
  const luma = picture.subarray(0, size.width * size.height);
  const light = brightness(luma);
  const { mean, deviation, dark, bright } = light;
  const edges = edgesOf(luma, size);
  const parts = {
    sharpness: between(Math.log10(1 + edges), 1.5, 3.6),
    exposure: Math.max(0, 1 - Math.abs(mean - 112) / 112) * (1 - Math.max(dark, bright)),
    contrast: between(deviation, 12, 62),
    colourfulness: between(colourfulness(picture, size), 4, 60),
  };
  const score =
    weights.sharpness * parts.sharpness +
    weights.exposure * parts.exposure +
    weights.contrast * parts.contrast +
    weights.colourfulness * parts.colourfulness;
  const fault = faultOf(light);
  return {
    score: thousandths(score),
    sharpness: thousandths(parts.sharpness),
    exposure: thousandths(parts.exposure),
    contrast: thousandths(parts.contrast),
    colourfulness: thousandths(parts.colourfulness),
    edges: thousandths(edges),
    ...(fault ? { fault } : {}),
  };
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

interface Brightness {
  mean: number;
  deviation: number;
  /** Share of pixels that are nearly black, and nearly white. */
  dark: number;
  bright: number;
}

function brightness(luma: Uint8Array): Brightness {
  let [sum, squares, dark, bright] = [0, 0, 0, 0];
  for (const value of luma) {
    sum += value;
    squares += value * value;
    if (value < 20) dark += 1;
    else if (value > 240) bright += 1;
  }
  const count = luma.length;
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return { mean, deviation, dark: dark / count, bright: bright / count };
}

function faultOf({ mean, deviation, dark, bright }: Brightness): StillQuality["fault"] {
  if (mean < 16 || dark > 0.85) return "black";
  if (mean > 239 || bright > 0.85) return "white";
  return deviation < 8 ? "flat" : undefined;
}

/** A face before a blurred background is sharp: what counts is the sharpest part of the picture, cut into this many. */
const blockColumns = 8;
const blockRows = 6;
const sharpestShare = 0.2;

/**
 * Variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000) in the sharpest fifth of the
 * picture: edges that blur takes away. It grows with the scale of the picture, so only pictures of one size compare.
 */
export function edgesOf(luma: Uint8Array, { width, height }: PictureSize): number {
  const blocks = Array.from({ length: blockColumns * blockRows }, tally);
  const at = (index: number): number => luma[index] ?? 0;
  for (let y = 1; y < height - 1; y += 1) {
    const row = Math.floor((y * blockRows) / height) * blockColumns;
    for (let x = 1; x < width - 1; x += 1) {
      const index = y * width + x;
      const laplacian = at(index - 1) + at(index + 1) + at(index - width) + at(index + width) - 4 * at(index);
      blocks[row + Math.floor((x * blockColumns) / width)]?.add(laplacian);
    }
  }
  const variances = blocks.map(({ deviation }) => deviation() ** 2).toSorted((a, b) => b - a);
  const sharpest = variances.slice(0, Math.ceil(variances.length * sharpestShare));
  return sharpest.reduce((sum, variance) => sum + variance, 0) / sharpest.length;
}

/** Hasler and Süsstrunk, "Measuring colourfulness in natural images", 2003: 15 is slightly, 45 quite, 80 highly colourful. */
export function colourfulness(picture: Uint8Array, { width, height }: PictureSize): number {
  const [columns, rows] = [width / 2, height / 2];
  const u = picture.subarray(width * height);
  const v = u.subarray(columns * rows);
  const redGreen = tally();
  const yellowBlue = tally();
  for (let index = 0; index < columns * rows; index += 1) {
    // BT.601 full range, as JPEG has it; the luma cancels out of both differences.
    const [cb, cr] = [(u[index] ?? 128) - 128, (v[index] ?? 128) - 128];
    const [red, green, blue] = [1.402 * cr, -0.344136 * cb - 0.714136 * cr, 1.772 * cb];
    redGreen.add(red - green);
    yellowBlue.add((red + green) / 2 - blue);
  }
  const deviation = Math.hypot(redGreen.deviation(), yellowBlue.deviation());
  return deviation + 0.3 * Math.hypot(redGreen.mean(), yellowBlue.mean());
}

function tally() {
  let [count, sum, squares] = [0, 0, 0];
  const mean = (): number => sum / Math.max(1, count);
  return {
    add(value: number): void {
      count += 1;
      sum += value;
      squares += value * value;
    },
    mean,
    deviation: (): number => Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean() ** 2)),
  };
}

function between(value: number, low: number, high: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
