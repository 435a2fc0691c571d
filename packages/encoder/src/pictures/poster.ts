import { open } from "node:fs/promises";
import type { ThumbnailPlan } from "./thumbnails.ts";

export interface PosterChoice {
  /** Of the thumbnails. */
  index: number;
  /** Standard deviation of its brightness, 0 for a picture of one colour. */
  contrast: number;
  /** How many thumbnails there were to choose from. */
  pictures: number;
}

/** Below this a picture is one colour to the eye. */
export const flatContrast = 3;

/** Looks at the raw thumbnails (4:2:0, one after the other) and takes the one that serves best as a poster. */
export async function choosePoster(
  path: string,
  { width, height }: Pick<ThumbnailPlan, "width" | "height">,
): Promise<PosterChoice> {
  const picture = Buffer.alloc((width * height * 3) / 2);
  const scores: Brightness[] = [];
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(picture, 0, picture.length, scores.length * picture.length);
      if (bytesRead < picture.length) break;
      scores.push(brightness(picture.subarray(0, width * height)));
    }
  } finally {
    await file.close();
  }
  const index = bestPicture(scores);
  return { index, contrast: scores[index]?.deviation ?? 0, pictures: scores.length };
}

export interface Brightness {
  /** 0 to 255. */
  mean: number;
  deviation: number;
}

/** Contrast, less for pictures that are very dark or bright, a little less for the first and last tenth (titles, credits). */
export function bestPicture(pictures: readonly Brightness[]): number {
  const score = ({ mean, deviation }: Brightness, index: number): number => {
    const place = pictures.length > 1 ? index / (pictures.length - 1) : 0.5;
    return deviation * (1 - Math.abs(mean - 118) / 160) * (place < 0.1 || place > 0.9 ? 0.7 : 1);
  };
  const scores = pictures.map(score);
  return Math.max(0, scores.indexOf(Math.max(...scores)));
}

function brightness(luma: Buffer): Brightness {
  let [sum, squares] = [0, 0];
  for (const value of luma) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / luma.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / luma.length - mean * mean)) };
}
