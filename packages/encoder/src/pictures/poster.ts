import type { PictureSize } from "../plan/ladder.ts";
import { readRawPictures } from "./raw-pictures.ts";
import { judgeStill, type StillQuality } from "./still-quality.ts";

/** A thumbnail, as far as it speaks for the full picture at its time. */
export interface Glance {
  quality: StillQuality;
  /** Mean luma of each field of a coarse grid: pictures of one scene have nearly the same. */
  grid: number[];
}

const keptPosters = 6;
/** Titles and credits, logos and fades. */
const edgeShare = 0.05;
/** No fifth of the film has more than its share, so that an operator can choose between scenes. */
const spans = 5;
const gridColumns = 16;
const gridRows = 9;
/** Mean difference of two grids below which they are one scene to the eye. */
const sameScene = 14;

/** Looks at every raw thumbnail of the film. */
export async function glanceAt(path: string, size: PictureSize): Promise<Glance[]> {
  const glances: Glance[] = [];
  for await (const picture of readRawPictures(path, size)) {
    glances.push({ quality: judgeStill(picture, size), grid: gridOf(picture, size) });
  }
  return glances;
}

/** A full picture costs as much as a tenth of a second of film to encode: few are taken of a trailer, ten of a film. */
export function stillCount(filmSeconds: number): number {
  return Math.min(10, Math.max(4, Math.round(filmSeconds / 10)));
}

/** Which thumbnails are worth a full picture: the best of each scene, spread over the film. Of a film without a good one, the best there is. */
export function shortlist(glances: readonly Glance[], count: number): number[] {
  const last = glances.length - 1;
  const ranked = glances
    .map((glance, index) => ({ ...glance, index, place: last > 0 ? index / last : 0.5 }))
    .toSorted((a, b) => b.quality.score - a.quality.score || a.index - b.index);
  const inside = ranked.filter(({ place }) => place >= edgeShare && place <= 1 - edgeShare);
  const good = [inside, ranked].map((list) => list.filter(({ quality }) => !quality.fault));
  const candidates = good.find((list) => list.length > 0) ?? ranked.slice(0, 1);
  const chosen: typeof candidates = [];
  for (const candidate of candidates) {
    const span = spanOf(candidate.place);
    const taken = chosen.filter(({ place }) => spanOf(place) === span).length;
    const seen = chosen.some(({ grid }) => difference(grid, candidate.grid) < sameScene);
    if (taken < Math.ceil(count / spans) && !seen) chosen.push(candidate);
    if (chosen.length === count) break;
  }
  return chosen.map(({ index }) => index).toSorted((a, b) => a - b);
}

/** The best first. What is blurred beside the others, or has a fault, comes only where there is nothing else. */
export function rankStills<Still extends { quality: StillQuality }>(stills: readonly Still[]): Still[] {
  const edges = stills.map(({ quality }) => quality.edges).toSorted((a, b) => a - b);
  const usual = edges[Math.floor(edges.length / 2)] ?? 0;
  const judged = stills.map((still) => {
    const blurred = !still.quality.fault && still.quality.edges < usual * blurredBelow;
    return blurred ? { ...still, quality: { ...still.quality, fault: "blurred" as const } } : still;
  });
  const good = judged.filter(({ quality }) => !quality.fault);
  return (good.length > 0 ? good : judged)
    .toSorted((a, b) => b.quality.score - a.quality.score)
    .slice(0, keptPosters);
}

/** Of the median. Films differ in sharpness; the pictures of one film differ by motion and focus. */
const blurredBelow = 0.1;

function spanOf(place: number): number {
  return Math.min(spans - 1, Math.floor(place * spans));
}

function gridOf(picture: Uint8Array, { width, height }: PictureSize): number[] {
  const sums = Array.from({ length: gridColumns * gridRows }, () => ({ sum: 0, count: 0 }));
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor((y * gridRows) / height) * gridColumns;
    for (let x = 0; x < width; x += 1) {
      const field = sums[row + Math.floor((x * gridColumns) / width)];
      if (!field) continue;
      field.sum += picture[y * width + x] ?? 0;
      field.count += 1;
    }
  }
  return sums.map(({ sum, count }) => sum / Math.max(1, count));
}

function difference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / Math.max(1, a.length);
}
