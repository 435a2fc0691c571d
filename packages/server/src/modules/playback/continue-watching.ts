import type { components } from "@flix/openapi";
import type { Unit } from "../../kernel/unit.ts";
import { suits, type Title } from "../catalog/index.ts";
import type { PlaybackContext } from "./context.ts";
import { nextFor } from "./next-episode.ts";
import { begunFrom, creditsStartOf, progressOf, resumePosition, stageOf, type Place } from "./resume.ts";
import { selectLatest, selectPositions, type LatestCursor } from "./store/positions.ts";
import type { PositionRow } from "./tables.ts";
import type { Viewing } from "./viewing.ts";

export type ContinueWatchingItem = components["schemas"]["ContinueWatchingItem"];

export interface Entry {
  item: ContinueWatchingItem;
  /** The watched title behind the item, which is another than the shown one where an episode is followed by the next. */
  place: LatestCursor;
}

export interface ContinueWatchingQuery {
  viewing: Viewing;
  /** The profile's when left out. */
  language?: string | undefined;
  after?: LatestCursor | undefined;
  limit: number;
}

/**
 * What the profile has begun and may watch now. Which entries are left out is known only to the catalog, so batches are read
 * until there are enough.
 */
export async function readContinueWatching(
  unit: Unit,
  context: PlaybackContext,
  { viewing, language = viewing.profile.language, after, limit }: ContinueWatchingQuery,
): Promise<Entry[]> {
  const { accountId, profile } = viewing;
  const entries: Entry[] = [];
  let cursor = after;
  while (entries.length < limit) {
    const rows = await selectLatest(unit, context, {
      accountId,
      profileId: profile.id,
      begunFrom,
      after: cursor,
      limit,
    });
    entries.push(...(await toEntries(unit, context, viewing, language, rows)));
    cursor = rows.at(-1);
    if (rows.length < limit) break;
  }
  return entries.slice(0, limit);
}

async function toEntries(
  unit: Unit,
  context: PlaybackContext,
  viewing: Viewing,
  language: string,
  rows: PositionRow[],
): Promise<Entry[]> {
  const { accountId, profile, viewpoint } = viewing;
  const watched = await context.catalog.getTitles(
    unit,
    rows.map(({ title_id }) => title_id),
    { language },
  );
  const credits = await creditsOf(unit, context, [...watched.values()]);
  const shown = new Map<PositionRow, Title>();
  for (const row of rows) {
    const title = watched.get(row.title_id);
    if (!title) continue;
    const finished = stageOf(placeIn(title, row, credits)) === "finished";
    const candidate = finished ? await nextFor(unit, context, viewing, title, language) : title;
    if (
      candidate?.playable &&
      context.catalog.isVisible(candidate, viewpoint) &&
      suits(candidate, profile.maturityLimit)
    )
      shown.set(row, candidate);
  }
  const titleIds = [...shown.values()].map(({ id }) => id);
  const positions = await selectPositions(unit, context, { accountId, profileId: profile.id, titleIds });
  const nexts = [...shown.values()].filter(({ id }) => !watched.has(id));
  const shownCredits = new Map([...credits, ...(await creditsOf(unit, context, nexts))]);
  return [...shown].map(([row, title]) => ({
    place: { updated_at: row.updated_at, title_id: row.title_id },
    item: toItem(title, placeIn(title, positions.get(title.id), shownCredits), row.updated_at),
  }));
}

/** Where the credits begin, of the titles of which that is known. */
async function creditsOf(
  unit: Unit,
  { media }: PlaybackContext,
  titles: readonly Title[],
): Promise<Map<string, number>> {
  const timed = titles.map(({ id, duration_seconds: durationSeconds = 0 }) => ({ id, durationSeconds }));
  const markers = await media.markersOf(unit, timed);
  return new Map(
    [...markers].flatMap(([id, spans]) => {
      const start = creditsStartOf(spans);
      return start === undefined ? [] : [[id, start]];
    }),
  );
}

/** Measured against the title as it is now: another package may be longer or shorter. */
function placeIn(title: Title, row: PositionRow | undefined, credits: ReadonlyMap<string, number>): Place {
  return {
    positionSeconds: row?.position_seconds ?? 0,
    durationSeconds: title.duration_seconds ?? row?.duration_seconds ?? 0,
    creditsStartSeconds: credits.get(title.id),
  };
}

function toItem(title: Title, place: Place, updatedAt: Date): ContinueWatchingItem {
  const resumed = { ...place, positionSeconds: resumePosition(place) };
  return {
    title,
    position_seconds: resumed.positionSeconds,
    duration_seconds: resumed.durationSeconds,
    progress: progressOf(resumed),
    updated_at: updatedAt.toISOString(),
  };
}
