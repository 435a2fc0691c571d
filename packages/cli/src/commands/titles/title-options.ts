import { country, integer, languageTag, text, type Kind } from "../../kinds.ts";
import { optional, repeated } from "../../parameters.ts";
import type { Title } from "../../resources.ts";
import { maturityRating } from "./ratings.ts";

/** `Science Fiction` is the genre `science-fiction`. */
const genre: Kind<string> = {
  parse(word) {
    const slug = word.toLowerCase().replaceAll(/[\s_-]+/g, "-");
    return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && slug.length <= 60 ? slug : undefined;
  },
  expects: "must be a genre such as science-fiction",
};

/** What is said of a title, in `flix titles create`, `flix titles update` and `flix ingest`. */
export const titleOptions = {
  year: optional("year", integer(1870, 2200), "Year of the first release"),
  genre: repeated("genre", genre, "A genre"),
  rating: optional("rating", maturityRating, "Maturity rating, such as PG-13, FSK:12 or EIRIN:JP:R15+:15"),
  language: optional("tag", languageTag, "Original language, such as en or pt-BR"),
  synopsis: optional("text", text, "What it is about"),
  territory: repeated("country", country, "Where it may be watched, such as US; none means everywhere"),
};

export interface TitleFacts {
  year: number | undefined;
  genre: string[];
  rating: NonNullable<Title["maturity"]> | undefined;
  language: string | undefined;
  synopsis: string | undefined;
  territory: string[];
}

/** In the contract's words; what was not given is undefined, and so not sent. */
export function titleBodyOf({ year, genre: genres, rating, language, synopsis, territory }: TitleFacts) {
  return {
    release_year: year,
    genres: genres.length > 0 ? [...new Set(genres)] : undefined,
    maturity: rating,
    original_language: language,
    synopsis,
    availability: territory.length > 0 ? [{ territories: [...new Set(territory)] }] : undefined,
  };
}
