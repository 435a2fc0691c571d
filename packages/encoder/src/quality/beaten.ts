import { smallLines } from "./choose-rungs.ts";
import type { RenditionScore } from "./pool-scores.ts";

/** A rendition as it came out. */
export interface JudgedRendition {
  id: string;
  /** Of its picture. */
  height: number;
  kbps: number;
  score: RenditionScore;
}

export interface BeatenRendition extends JudgedRendition {
  /** Costs less and looks at least as good. */
  by: JudgedRendition;
}

/** On fewer frames one rung beats another by chance. */
const leastFrames = 8;

/** Of renditions among which a player switches, those that none would have a reason to choose. The best small picture is for who may have no more. */
export function beatenRenditions(renditions: readonly JudgedRendition[]): BeatenRendition[] {
  const bestSmall = renditions
    .filter(({ height }) => height <= smallLines)
    .toSorted((a, b) => b.score.mean - a.score.mean || a.kbps - b.kbps)[0];
  return renditions.flatMap((rendition) => {
    if (rendition === bestSmall || rendition.score.frames < leastFrames) return [];
    const by = renditions
      .filter((other) => other.kbps < rendition.kbps && other.score.mean >= rendition.score.mean)
      .toSorted((a, b) => b.score.mean - a.score.mean || a.kbps - b.kbps)[0];
    return by ? [{ ...rendition, by }] : [];
  });
}
