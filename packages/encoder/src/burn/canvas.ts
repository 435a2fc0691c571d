import type { PictureSize } from "../plan/ladder.ts";

interface Placing {
  /** That the subtitle was drawn for; null where the track does not say, as in most broadcasts, which mean the whole picture. */
  canvas: PictureSize | null;
  /** The film's, as it is coded. */
  coded: PictureSize;
  /** That it is laid over, with square pixels. */
  picture: PictureSize;
}

/**
 * Brings a subtitle's canvas to the picture's width and both to the same height. Films lose their black bars on the way here, their subtitles'
 * canvases do not: so the canvas' upper half keeps its distance from the picture's top and the lower half its from the bottom, and what stood in a
 * bar stands in the picture.
 */
export function placeCanvas({ canvas, coded, picture }: Placing): string {
  const { width, height } = picture;
  const scaled = canvas ? heightOf(canvas, { coded, picture }) : height;
  const scale = `scale=${width}:${scaled}:flags=bicubic`;
  if (scaled === height) return scale;
  const clear = "color=black@0";
  if (scaled < height) return `${scale},pad=${width}:${height}:0:${height - scaled}:${clear}`;
  const half = Math.min(height, Math.ceil(scaled / 2));
  return [
    `${scale},split=2[upper][lower]`,
    `[upper]crop=${width}:${half}:0:0,pad=${width}:${height}:0:0:${clear}[top]`,
    `[lower]crop=${width}:${half}:0:${scaled - half},pad=${width}:${height}:0:${height - half}:${clear}[bottom]`,
    "[top][bottom]overlay=format=gbrp:alpha=premultiplied",
  ].join(";");
}

function heightOf(canvas: PictureSize, { coded, picture }: Omit<Placing, "canvas">): number {
  const isWhole = canvas.width === coded.width && canvas.height === coded.height;
  const height = isWhole ? picture.height : picture.width / aspectOf(canvas, picture);
  // A pixel of rounding is no bar.
  return Math.abs(height - picture.height) < 2 ? picture.height : Math.max(2, Math.round(height));
}

/** A DVD's canvas has the shape of its screen and not of its pixels, and which of both screens that was the picture tells. */
function aspectOf({ width, height }: PictureSize, picture: PictureSize): number {
  const isDvd = [704, 720].includes(width) && [480, 576].includes(height);
  if (!isDvd) return width / height;
  return picture.width / picture.height > 1.5 ? 16 / 9 : 4 / 3;
}
