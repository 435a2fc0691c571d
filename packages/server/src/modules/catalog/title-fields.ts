import type { components } from "@flix/openapi";
import { FlixError } from "../../kernel/errors.ts";
import type { Unit } from "../../kernel/unit.ts";
import { readWindows } from "./availability.ts";
import type { CatalogContext } from "./context.ts";
import { findEpisodeAt, lockTitle, type TitleFields, type TitleRow } from "./store/titles.ts";

type Schemas = components["schemas"];

/** The fields of a title after a change; what the change leaves out stays. */
export function changedFields(before: TitleFields, change: Schemas["TitleChange"]): TitleFields {
  const { cast, availability, episode, ...rest } = change;
  return {
    ...fieldsOf(before),
    ...rest,
    ...(cast === undefined ? {} : { cast_members: cast }),
    ...(availability === undefined ? {} : { availability: readWindows(availability) }),
    ...(episode === undefined ? {} : episode),
  };
}

export const emptyFields: TitleFields = {
  title: "",
  synopsis: null,
  // Undetermined (ISO 639-2), until somebody says.
  original_language: "und",
  release_year: null,
  series_id: null,
  season_number: null,
  episode_number: null,
  genres: [],
  cast_members: [],
  maturity: null,
  metadata: {},
  availability: [],
};

/** Only episodes have a place, in a series that is there, and each its own. */
export async function checkPlace(
  unit: Unit,
  context: CatalogContext,
  { id, kind }: Pick<TitleRow, "id" | "kind">,
  { series_id, season_number, episode_number }: TitleFields,
): Promise<void> {
  const placed = series_id !== null && season_number !== null && episode_number !== null;
  if (placed !== (kind === "episode")) throw new FlixError("episode_place_required");
  if (!placed) return;
  // The lock puts the changes of one series' episodes in a row, and holds off the deletion of the series.
  const series = await lockTitle(unit, context, series_id);
  if (series?.kind !== "series")
    throw new FlixError("series_not_found", { detail: `${series_id} is not one.` });
  const there = await findEpisodeAt(unit, context, { series_id, season_number, episode_number });
  if (there === undefined || there === id) return;
  throw new FlixError("episode_place_taken", {
    detail: `Season ${season_number}, episode ${episode_number} is ${there}.`,
  });
}

function fieldsOf(row: TitleFields): TitleFields {
  return {
    title: row.title,
    synopsis: row.synopsis,
    original_language: row.original_language,
    release_year: row.release_year,
    series_id: row.series_id,
    season_number: row.season_number,
    episode_number: row.episode_number,
    genres: row.genres,
    cast_members: row.cast_members,
    maturity: row.maturity,
    metadata: row.metadata,
    availability: row.availability,
  };
}
