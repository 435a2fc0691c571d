import { rm } from "node:fs/promises";
import { join } from "node:path";
import { findCredits, isBlack, type MarkerProposal } from "./credits.ts";
import { type FilmSamples, rawSampleFiles, sampleFilm, type SampleOptions } from "./film-samples.ts";

export interface FilmAnalysis {
  /** Nothing is marked before somebody says so. */
  proposals: MarkerProposal[];
  /** Black before the first picture. */
  blackStartSeconds: number;
}

/** Where credits can begin: the last 15 % of a film, more of what is short; and in no film longer than this. */
const searchedShare = 0.15;
const searchedAtLeastSeconds = 240;
const searchedAtMostSeconds = 1200;
/** What the beginning is looked at for. */
const leaderSeconds = 10;

/** Looks for the end credits, and for black at the beginning, in the smallest rendition. */
export async function proposeMarkers(options: SampleOptions, durationSeconds: number): Promise<FilmAnalysis> {
  try {
    const wanted = Math.max(
      durationSeconds * searchedShare,
      Math.min(durationSeconds * 0.75, searchedAtLeastSeconds),
    );
    const startSeconds = durationSeconds - Math.min(wanted, searchedAtMostSeconds);
    const endOfLeader = Math.min(leaderSeconds, durationSeconds);
    const leader = await sampleFilm(options, { startSeconds: 0, endSeconds: endOfLeader, silent: true });
    const tail = await sampleFilm(options, { startSeconds, endSeconds: durationSeconds });
    const credits = findCredits(tail, durationSeconds);
    return { proposals: credits ? [credits] : [], blackStartSeconds: blackStart(leader) };
  } finally {
    for (const file of rawSampleFiles) await rm(join(options.renditionFolder, file), { force: true });
  }
}

function blackStart({ pictures, everySeconds }: FilmSamples): number {
  const first = pictures.findIndex((picture) => !isBlack(picture));
  return (first < 0 ? pictures.length : first) * everySeconds;
}
