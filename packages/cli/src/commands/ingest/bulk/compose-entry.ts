import { basename } from "node:path";
import { shownMaster } from "../master-address.ts";
import { wantedTitleOf } from "../wanted-title.ts";
import type { BulkEntry, EntryFacts } from "./bulk-entry.ts";

/** Throws where the facts contradict each other. */
export function composeEntry(
  file: string,
  place: string,
  { choice, encode, publish }: EntryFacts,
): BulkEntry {
  const nothing = {
    title: undefined,
    titleId: undefined,
    series: undefined,
    season: undefined,
    episode: undefined,
    year: undefined,
    genre: [],
    rating: undefined,
    synopsis: undefined,
    territory: [],
  };
  const wanted = wantedTitleOf({ ...nothing, ...choice, language: encode.language });
  const name = "titleId" in wanted ? basename(shownMaster(file)) : nameOf(wanted);
  return { name, place, file, wanted, encode, publish: publish ?? false };
}

function nameOf({ title, place }: Exclude<BulkEntry["wanted"], { titleId: string }>): string {
  if (!place) return title;
  const series = "name" in place.series ? `${place.series.name} ` : "";
  const two = (number: number) => String(number).padStart(2, "0");
  return `${series}S${two(place.season)}E${two(place.episode)} ${title}`;
}

/** Equal for what would be the same title. */
export function identityOf({ wanted }: BulkEntry): string {
  if ("titleId" in wanted) return wanted.titleId;
  const { title, facts, place } = wanted;
  return JSON.stringify(place ? { ...place } : [title, facts.release_year]);
}
