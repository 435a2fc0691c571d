import type { components } from "@flix/openapi";
import { etagOf } from "../../kernel/etags.ts";
import { localise } from "./languages.ts";
import type { TitleRow } from "./store/titles.ts";

type Title = components["schemas"]["Title"];

/** A row as the contract shows it, its texts in the language asked for. */
export function toTitle(row: TitleRow, language?: string): Title {
  const original = { title: row.title, synopsis: row.synopsis ?? undefined };
  const { title, synopsis } = localise(original, row.metadata, language);
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    title,
    ...(synopsis === undefined ? {} : { synopsis }),
    original_language: row.original_language,
    ...(row.release_year === null ? {} : { release_year: row.release_year }),
    ...placeOf(row),
    genres: row.genres,
    cast: row.cast_members,
    ...(row.maturity === null ? {} : { maturity: row.maturity }),
    artwork: row.artwork.map(({ file, ...picture }) => ({ ...picture, url: `/artwork/${file}` })),
    metadata: row.metadata,
    availability: row.availability,
    playable: row.current_package_id !== null,
    ...(row.duration_seconds === null ? {} : { duration_seconds: row.duration_seconds }),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    ...(row.published_at === null ? {} : { published_at: row.published_at.toISOString() }),
    etag: etagOf(row.version),
  };
}

function placeOf({ series_id, season_number, episode_number }: TitleRow): Pick<Title, "episode"> {
  if (series_id === null || season_number === null || episode_number === null) return {};
  return { episode: { series_id, season_number, episode_number } };
}
