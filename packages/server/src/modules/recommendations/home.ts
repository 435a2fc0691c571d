import type { components } from "@flix/openapi";
import type { Unit } from "../../kernel/unit.ts";
import type { Title } from "../catalog/index.ts";
import { suitable, type Audience } from "./audience.ts";
import type { RecommendationsContext } from "./context.ts";
import { genreHeading, headingsFor } from "./headings.ts";
import { genreShares, orderByScore, preferenceOf, scoreByHistory } from "./ranking.ts";
import { readHistory, type HistoryEntry } from "./store/history.ts";
import { readNeighbours, readPopular, type Neighbour } from "./store/learned.ts";
import { readList } from "./store/lists.ts";

type Home = components["schemas"]["Home"];
type HomeRow = components["schemas"]["HomeRow"];
type HomeItem = components["schemas"]["HomeItem"];

const rowLength = 40;
const poolSize = 300;
const historyLength = 50;
const becauseRows = 2;
const genreRows = 8;
const newAtLeast = 6;

/** Everything that the rows of one page are made from. */
interface Material {
  unit: Unit;
  context: RecommendationsContext;
  audience: Audience;
  headings: ReturnType<typeof headingsFor>["headings"];
  history: HistoryEntry[];
  neighbours: Neighbour[];
  scores: Map<string, number>;
  /** The newest titles that the profile may watch. */
  pool: Title[];
  progress: Map<string, number>;
}

/**
 * The rows of a page, best first. Continue watching and my list are whole; the others share one set of shown titles, so that
 * none stands twice, and a row that has nothing left is not there.
 */
export async function composeHome(
  unit: Unit,
  context: RecommendationsContext,
  audience: Audience,
): Promise<Home> {
  const { profile } = audience;
  const { language, headings } = headingsFor(profile.language);
  const key = { accountId: profile.accountId, profileId: profile.id };
  const begun = await context.playback.continueWatching(unit, { ...key, limit: rowLength });
  const history = await readHistory(unit, context, key, historyLength);
  const neighbours = await readNeighbours(
    unit,
    context,
    history.map(({ titleId }) => titleId),
  );
  const pool = await context.catalog.listVisible(unit, {
    ...audience.viewpoint,
    maturityLimit: profile.maturityLimit,
    sort: "newest",
    limit: poolSize,
    language: profile.language,
  });
  const material: Material = {
    unit,
    context,
    audience,
    headings,
    history,
    neighbours,
    scores: scoreByHistory(history, neighbours),
    pool,
    progress: new Map(begun.map(({ title, progress }) => [title.id, progress])),
  };
  const personal: HomeRow[] = [
    {
      id: "continue-watching",
      kind: "continue_watching",
      title: headings.continueWatching,
      items: begun.map(({ title, progress }) => ({ title, progress })),
    },
    { id: "my-list", kind: "my_list", title: headings.myList, items: await listItems(material) },
  ];
  // What speaks of the profile comes before what speaks of everybody, or popularity would take its titles.
  const discovery = [
    ...(await rowsByHistory(material)),
    await popularRow(material),
    newRow(material),
    ...rowsByGenre(material),
  ];
  const rows = [...personal, ...withoutRepeats(discovery)].filter(({ items }) => items.length > 0);
  return { profile_id: profile.id, language, rows };
}

async function listItems({ unit, context, audience, progress }: Material): Promise<HomeItem[]> {
  const { accountId, id: profileId } = audience.profile;
  const entries = await readList(unit, context, { accountId, profileId }, undefined, 1000);
  return toItems(
    await suitable(
      unit,
      context,
      audience,
      entries.map(({ title_id }) => title_id),
    ),
    progress,
  );
}

async function popularRow({
  unit,
  context,
  audience,
  headings,
  scores,
  progress,
}: Material): Promise<HomeRow> {
  const titles = await suitable(unit, context, audience, await readPopular(unit, context, 2 * rowLength));
  // Popularity decides what is in the row; the profile's taste lifts what is for it, without turning the row over.
  const places = new Map(titles.map(({ id }, place) => [id, (scores.get(id) ?? 0) - place / titles.length]));
  return {
    id: "popular",
    kind: "popular",
    title: headings.popular,
    items: toItems(orderByScore(titles, places), progress),
  };
}

/** One row for each of the last liked titles that has neighbours which were not watched. */
async function rowsByHistory({
  unit,
  context,
  audience,
  headings,
  history,
  neighbours,
  progress,
}: Material): Promise<HomeRow[]> {
  const watched = new Set(history.map(({ titleId }) => titleId));
  const liked = history.filter((entry) => preferenceOf(entry) > 0);
  const sources = await suitable(
    unit,
    context,
    audience,
    liked.map(({ titleId }) => titleId),
  );
  const rows: HomeRow[] = [];
  for (const source of sources) {
    const near = neighbours.filter(({ titleId, otherId }) => titleId === source.id && !watched.has(otherId));
    const titles = await suitable(
      unit,
      context,
      audience,
      near.map(({ otherId }) => otherId),
    );
    if (titles.length === 0) continue;
    const title = headings.because(source.title);
    const items = toItems(titles, progress).map((item) => ({ ...item, reason: title }));
    rows.push({
      id: `because-${source.id}`,
      kind: "because_you_watched",
      title,
      because_title_id: source.id,
      items,
    });
    if (rows.length === becauseRows) break;
  }
  return rows;
}

/** At most a third of what there is, or a small catalogue would be new from end to end and have no genres. */
function newRow({ pool, headings, progress }: Material): HomeRow {
  const newest = pool.slice(0, Math.max(newAtLeast, Math.ceil(pool.length / 3)));
  return { id: "new", kind: "new", title: headings.new, items: toItems(newest, progress) };
}

/** The genres that the profile watches come first, then those with the most titles. */
function rowsByGenre({ pool, history, scores, progress }: Material): HomeRow[] {
  const byId = new Map(pool.map((title) => [title.id, title]));
  const liked = history.map((entry) => ({
    genres: byId.get(entry.titleId)?.genres ?? [],
    weight: Math.max(0, preferenceOf(entry)),
  }));
  const shares = genreShares(liked);
  const titles = Map.groupBy(
    pool.flatMap((title) => title.genres.map((genre) => ({ genre, title }))),
    ({ genre }) => genre,
  );
  return [...titles]
    .toSorted(
      ([a, ofA], [b, ofB]) =>
        (shares.get(b) ?? 0) - (shares.get(a) ?? 0) || ofB.length - ofA.length || (a < b ? -1 : 1),
    )
    .slice(0, genreRows)
    .map(([genre, entries]) => ({
      id: `genre-${genre}`,
      kind: "genre",
      title: genreHeading(genre),
      genre,
      items: toItems(
        orderByScore(
          entries.map(({ title }) => title),
          scores,
        ),
        progress,
      ),
    }));
}

/** Greedy from the top: a title stands in the first row that has it, and a row shows its best 40. */
function withoutRepeats(rows: readonly HomeRow[]): HomeRow[] {
  const shown = new Set<string>();
  return rows.map((row) => {
    const items = row.items.filter(({ title }) => !shown.has(title.id)).slice(0, rowLength);
    for (const { title } of items) shown.add(title.id);
    return { ...row, items };
  });
}

function toItems(titles: readonly Title[], progress: ReadonlyMap<string, number>): HomeItem[] {
  return titles.map((title) => {
    const begun = progress.get(title.id);
    return begun === undefined ? { title } : { title, progress: begun };
  });
}
