import { usageError } from "../../errors.ts";
import { id, integer, text } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { titleBodyOf, titleOptions, type TitleFacts } from "../titles/title-options.ts";
import { seriesReference, type SeriesReference } from "./series.ts";

/** Which title a film is for, on the command line and in a list of titles. */
export const titleChoiceOptions = {
  title: optional("title", text, "Name of the new title"),
  titleId: optional("title-id", id("ttl"), "An existing title instead, film or episode"),
  series: optional(
    "series",
    seriesReference,
    "The new title is an episode of this series: its id, or its name, which makes it where it is not there",
  ),
  season: optional("n", integer(0, 1000), "Its season"),
  episode: optional("n", integer(0, 100_000), "Its number in the season"),
  ...titleOptions,
};

export interface TitleChoice extends TitleFacts {
  title: string | undefined;
  titleId: string | undefined;
  series: SeriesReference | undefined;
  season: number | undefined;
  episode: number | undefined;
}

export type WantedTitle = { titleId: string } | NewTitle;

export interface NewTitle {
  title: string;
  facts: ReturnType<typeof titleBodyOf>;
  place: EpisodePlace | undefined;
}

export interface EpisodePlace {
  series: SeriesReference;
  season: number;
  episode: number;
}

/** Either a title that is there, or what a new one is to be. */
export function wantedTitleOf(choice: TitleChoice): WantedTitle {
  const { title, titleId, ...facts } = choice;
  const place = placeOf(facts);
  if (title !== undefined && titleId === undefined) return { title, facts: titleBodyOf(facts), place };
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

function placeOf({
  series,
  season,
  episode,
}: Pick<TitleChoice, "series" | "season" | "episode">): EpisodePlace | undefined {
  if (series === undefined && season === undefined && episode === undefined) return undefined;
  if (series !== undefined && season !== undefined && episode !== undefined)
    return { series, season, episode };
  throw usageError("An episode needs --series, --season and --episode", "Give all three, or none of them.");
}
