import type { PictureSize } from "../plan/ladder.ts";

/** What tells a page of credits from a scene. */
export interface PictureSample {
  /** The commonest brightness, 0 to 255, and the share of the picture that has it or nearly so: the ground that text stands on. */
  ground: number;
  even: number;
  /** Share of the picture that is clearly brighter than its ground. */
  ink: number;
  /** Edges for a pixel of ink: strokes of letters have many, faces and lamps few. */
  strokes: number;
  /** Share of the rows with ink that stand in thin bands with none between them, as lines of text do. */
  lines: number;
  /** Mean distance of the ink from grey, 0 to 128. */
  colour: number;
  /** Mean change of a pixel since the sample before. */
  change: number;
}

/** What an encoder leaves of an even ground. */
const evenWithin = 10;
const inkAbove = 36;
/** A line of credits is at most a tenth of the picture high. */
const lineShare = 0.1;

/** Looks at a picture in full-range 4:2:0; `before` is the luma of the sample before it. */
export function lookAt(picture: Uint8Array, size: PictureSize, before?: Uint8Array): PictureSample {
  const { width, height } = size;
  const luma = picture.subarray(0, width * height);
  const ground = commonest(luma);
  const inkInRow = new Uint16Array(height);
  let [even, ink, edges, change] = [0, 0, 0, 0];
  luma.forEach((value, index) => {
    if (Math.abs(value - ground) <= evenWithin) even += 1;
    if (value >= ground + inkAbove) {
      const row = Math.floor(index / width);
      inkInRow[row] = (inkInRow[row] ?? 0) + 1;
      ink += 1;
    }
    if (index % width > 0 && Math.abs(value - (luma[index - 1] ?? 0)) >= inkAbove) edges += 1;
    if (before) change += Math.abs(value - (before[index] ?? 0));
  });
  const pixels = width * height;
  return {
    ground,
    even: even / pixels,
    ink: ink / pixels,
    strokes: ink === 0 ? 0 : edges / ink,
    lines: linesOf(inkInRow),
    colour: colourOfInk(picture, size, ground + inkAbove),
    change: change / pixels,
  };
}

function commonest(luma: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const value of luma) counts[value] = (counts[value] ?? 0) + 1;
  return counts.indexOf(Math.max(...counts));
}

function linesOf(inkInRow: Uint16Array): number {
  const rows = inkInRow.length;
  const fullest = inkInRow.toSorted().at(-Math.ceil(rows / 20)) ?? 0;
  let [inked, inThin, band] = [0, 0, 0];
  for (let row = 0; row <= rows; row += 1) {
    // Between two lines of close print are the tails of some letters.
    if ((inkInRow[row] ?? 0) > Math.max(1, fullest * 0.2)) {
      inked += 1;
      band += 1;
    } else {
      if (band <= rows * lineShare) inThin += band;
      band = 0;
    }
  }
  return inked === 0 ? 0 : inThin / inked;
}

function colourOfInk(picture: Uint8Array, { width, height }: PictureSize, from: number): number {
  const [columns, rows] = [width / 2, height / 2];
  const u = picture.subarray(width * height);
  const v = u.subarray(columns * rows);
  let [sum, ink] = [0, 0];
  for (let index = 0; index < columns * rows; index += 1) {
    const at = 2 * (Math.floor(index / columns) * width + (index % columns));
    if ((picture[at] ?? 0) < from) continue;
    ink += 1;
    sum += Math.hypot((u[index] ?? 128) - 128, (v[index] ?? 128) - 128);
  }
  return ink === 0 ? 0 : sum / ink;
}
