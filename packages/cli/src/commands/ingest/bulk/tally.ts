import { durationText } from "../../../wording.ts";
import type { FilmProgress } from "./outcome.ts";

/** How far all films together are. */
export interface Tally {
  update(index: number, progress: FilmProgress): void;
  at(index: number): FilmProgress;
  fraction(): number;
  etaSeconds(nowMs: number): number | undefined;
  text(nowMs: number): string;
}

const waiting: FilmProgress = { state: "waiting", fraction: 0 };
/** Below this share of the work its pace says nothing yet. */
const leastWorked = 0.005;

/** A film counts as much as its master is large. */
export function createTally(sizes: readonly number[], startedMs: number): Tally {
  const films = sizes.map(() => waiting);
  const all = Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const partOf = (film: FilmProgress, index: number) => ((sizes[index] ?? 0) / all) * shareOf(film);
  const sum = (counts: (film: FilmProgress) => boolean) =>
    films.reduce((total, film, index) => total + (counts(film) ? partOf(film, index) : 0), 0);
  const count = (state: FilmProgress["state"]) => films.filter((film) => film.state === state).length;
  const etaSeconds = (nowMs: number) => {
    // What was there already cost no time.
    const worked = sum(({ state }) => state === "ingested" || state === "running");
    if (worked < leastWorked) return undefined;
    return ((nowMs - startedMs) / 1000 / worked) * (1 - sum(() => true));
  };
  return {
    update: (index, progress) => void (films[index] = progress),
    at: (index) => films[index] ?? waiting,
    fraction: () => sum(() => true),
    etaSeconds,
    text(nowMs) {
      const done = count("ingested") + count("unchanged");
      const facts = [`${done} of ${films.length} done`];
      if (count("failed") > 0) facts.push(`${count("failed")} failed`);
      if (count("running") > 0) facts.push(`${count("running")} running`);
      // Shares of a whole may add up to a little less.
      facts.push(`${Math.floor(sum(() => true) * 100 + 1e-6)}%`);
      const left = durationText(etaSeconds(nowMs));
      if (left !== undefined) facts.push(`${left} left`);
      return facts.join(", ");
    },
  };
}

function shareOf({ state, fraction }: FilmProgress): number {
  if (state === "running") return fraction;
  return state === "waiting" || state === "left" ? 0 : 1;
}
