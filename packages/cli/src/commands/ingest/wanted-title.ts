import { usageError } from "../../errors.ts";
import { episodeOf } from "../titles/episode-place.ts";
import { titleBodyOf, type TitleFacts } from "../titles/title-options.ts";
import type { NewTitle } from "./find-title.ts";

export interface TitleChoice extends TitleFacts {
  title: string | undefined;
  titleId: string | undefined;
  series: string | undefined;
  season: number | undefined;
  episode: number | undefined;
}

/** Either a title that is there, or what a new one is to be. */
export function wantedTitleOf(choice: TitleChoice): NewTitle | { titleId: string } {
  const { title, titleId, ...facts } = choice;
  const place = episodeOf(facts);
  if (title !== undefined && titleId === undefined) {
    return { kind: place ? "episode" : "film", title, episode: place, ...titleBodyOf(facts) };
  }
  if (titleId === undefined || title !== undefined) {
    throw usageError(
      "Either --title or --title-id is needed",
      "Name the new title, or give an existing one's id.",
    );
  }
  // The language is also that of the sound, where the file does not say.
  const foreign = Object.values({ place, ...titleBodyOf({ ...facts, language: undefined }) });
  if (foreign.some((value) => value !== undefined)) {
    throw usageError(
      "--title-id takes a title as it is",
      `Change it with \`flix titles update ${titleId}\`.`,
    );
  }
  return { titleId };
}
