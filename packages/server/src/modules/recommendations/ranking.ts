import type { HistoryEntry } from "./store/history.ts";

/** Enough of a title to tell that it was liked, when no thumb says so. */
export const likedFrom = 0.3;

/** How much a history entry speaks for (or, below 0, against) what is like it. */
export function preferenceOf({ furthest, thumbs }: Pick<HistoryEntry, "furthest" | "thumbs">): number {
  switch (thumbs) {
    case "double_up":
      return 2;
    case "up":
      return 1;
    case "down":
      return -1;
    case null:
      return furthest >= likedFrom ? 1 : 0;
    default:
      return thumbs satisfies never;
  }
}

interface Edge {
  titleId: string;
  otherId: string;
  score: number;
}

/**
 * Scores every neighbour of the history: the sum of preference x similarity (item-based collaborative filtering). Linear in
 * the history, so it needs no retraining when the profile watches something.
 */
export function scoreByHistory(
  history: readonly HistoryEntry[],
  edges: readonly Edge[],
): Map<string, number> {
  const preferences = new Map(history.map((entry) => [entry.titleId, preferenceOf(entry)]));
  const scores = new Map<string, number>();
  for (const { titleId, otherId, score } of edges) {
    scores.set(otherId, (scores.get(otherId) ?? 0) + (preferences.get(titleId) ?? 0) * score);
  }
  return scores;
}

/** Highest score first; what has none keeps its order behind. */
export function orderByScore<Item extends { id: string }>(
  items: readonly Item[],
  scores: ReadonlyMap<string, number>,
): Item[] {
  return items.toSorted((a, b) => (scores.get(b.id) ?? 0) - (scores.get(a.id) ?? 0));
}

/** The genres of what was liked, each by its share of all: what genre rows are calibrated to (Steck 2018). */
export function genreShares(
  liked: readonly { genres: readonly string[]; weight: number }[],
): Map<string, number> {
  const shares = new Map<string, number>();
  let total = 0;
  for (const { genres, weight } of liked) {
    for (const genre of genres) shares.set(genre, (shares.get(genre) ?? 0) + weight / genres.length);
    if (genres.length > 0) total += weight;
  }
  return new Map([...shares].map(([genre, share]) => [genre, share / total]));
}

interface Described {
  id: string;
  genres: readonly string[];
  cast: readonly { name: string; role: string }[];
}

/** Likeness of two titles that nobody watched together: shared genres and people over all of both (Jaccard). */
export function contentLikeness(a: Described, b: Described): number {
  const traits = ({ genres, cast }: Described) =>
    new Set([...genres.map((genre) => `g:${genre}`), ...cast.map(({ name }) => `p:${name}`)]);
  const [mine, others] = [traits(a), traits(b)];
  const union = mine.union(others).size;
  return union === 0 ? 0 : mine.intersection(others).size / union;
}
