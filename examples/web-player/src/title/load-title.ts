import {
  getPosition,
  getTitle,
  isFlixError,
  listContinueWatching,
  listMyList,
  listRatings,
  listSimilarTitles,
  listEpisodes,
  pages,
  type Client,
} from "@flix/sdk";
import type { Title } from "../artwork/artwork.ts";
import { afterFarewell } from "../watch/farewell.ts";
import type { Thumbs } from "./rating-buttons.tsx";

export interface TitleFile {
  title: Title;
  episodes: Title[];
  similar: Title[];
  /** How far the profile is, by title. */
  progress: Map<string, number>;
  /** What "Play" plays: the title itself, or an episode of the series. */
  playable: Title | undefined;
  onMyList: boolean;
  rating: Thumbs | undefined;
}

/** Everything the title page shows, asked for at once. */
export async function loadTitle(
  client: Client,
  { titleId, profileId, language }: { titleId: string; profileId: string; language: string },
  signal: AbortSignal,
): Promise<TitleFile> {
  await afterFarewell();
  const title = await getTitle(client, { title_id: titleId, language }, { signal });
  const profile_id = profileId;
  const [episodes, similar, begun, own, kept, rated] = await Promise.all([
    title.kind === "series" ? listAllEpisodes(client, { titleId, language }, signal) : [],
    listSimilarTitles(client, { title_id: titleId, profile_id }, { signal }),
    listContinueWatching(client, { profile_id, page_size }, { signal }),
    title.kind === "episode" ? readProgress(client, { titleId, profile_id }, signal) : undefined,
    find(
      pages(client, listMyList, { profile_id, page_size }, { signal }),
      ({ title }) => title.id === titleId,
    ),
    find(
      pages(client, listRatings, { profile_id, page_size }, { signal }),
      ({ title_id }) => title_id === titleId,
    ),
  ]);
  const progress = new Map(begun.data.map((entry) => [entry.title.id, entry.progress]));
  if (own !== undefined) progress.set(titleId, own);
  return {
    title,
    episodes,
    similar: similar.data.map(({ title }) => title),
    progress,
    playable:
      title.kind === "series" ? episodeToPlay(episodes, begun.data) : title.playable ? title : undefined,
    onMyList: kept !== undefined,
    rating: rated?.thumbs,
  };
}

/** The most that a page of a list holds. */
const page_size = 100;

async function find<T>(items: AsyncIterable<T>, wanted: (item: T) => boolean): Promise<T | undefined> {
  for await (const item of items) if (wanted(item)) return item;
  return undefined;
}

/** The episode that continue watching names, else the first that can be played. */
export function episodeToPlay(episodes: Title[], begun: { title: Pick<Title, "id"> }[]): Title | undefined {
  const next = episodes.find(({ id }) => begun.some(({ title }) => title.id === id));
  return next ?? episodes.find(({ playable }) => playable);
}

async function listAllEpisodes(
  client: Client,
  { titleId, language }: { titleId: string; language: string },
  signal: AbortSignal,
): Promise<Title[]> {
  const episodes: Title[] = [];
  for await (const episode of pages(client, listEpisodes, { title_id: titleId, language }, { signal })) {
    episodes.push(episode);
  }
  return episodes;
}

/** Of an episode, since its series is continued by one alone. Undefined where it is not begun, or seen to its end. */
async function readProgress(
  client: Client,
  place: { titleId: string; profile_id: string },
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const { progress } = await getPosition(
      client,
      { profile_id: place.profile_id, title_id: place.titleId },
      { signal },
    );
    return progress < 0.02 || progress > 0.95 ? undefined : progress;
  } catch (error) {
    if (isFlixError(error) && error.code === "position_not_found") return undefined;
    throw error;
  }
}
