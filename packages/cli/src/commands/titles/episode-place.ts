import { usageError } from "../../errors.ts";

/** Where an episode stands; all three are given, or none. */
export function episodeOf({ series, season, episode }: EpisodeOptions) {
  if (series === undefined && season === undefined && episode === undefined) return undefined;
  if (series !== undefined && season !== undefined && episode !== undefined) {
    return { series_id: series, season_number: season, episode_number: episode };
  }
  throw usageError("An episode needs --series, --season and --episode", "Give all three, or none of them.");
}

interface EpisodeOptions {
  series: string | undefined;
  season: number | undefined;
  episode: number | undefined;
}
