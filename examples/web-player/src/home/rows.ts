import type { Output } from "@flix/sdk";
import { artworkFor } from "../artwork/artwork.ts";

export type Home = Output<"getHome">;
export type HomeRow = Home["rows"][number];
export type HomeItem = HomeRow["items"][number];
/** What a card shows; a list that is no home row has titles alone. */
export type CardItem = Pick<HomeItem, "title"> & {
  reason?: string | undefined;
  progress?: number | undefined;
};

/** Rows that show what is new to the viewer; what was begun or kept already makes a poor opening. */
const discovery = new Set<HomeRow["kind"]>(["popular", "new", "because_you_watched", "genre"]);

/** The title that opens the page: the first to discover that has a picture, else the first there is. */
export function pickHero({ rows }: Pick<Home, "rows">): HomeItem | undefined {
  const items = [...rows.filter(({ kind }) => discovery.has(kind)), ...rows].flatMap(({ items }) => items);
  return items.find(({ title }) => artworkFor(title, "backdrop") !== undefined) ?? items[0];
}

/** How far the profile is in each title that it has begun. */
export function progressOf({ rows }: Pick<Home, "rows">): Map<string, number> {
  const begun = rows.flatMap(({ items }) =>
    items.flatMap(({ title, progress }) => (progress === undefined ? [] : [[title.id, progress] as const])),
  );
  return new Map(begun);
}

export function isOnMyList({ rows }: Pick<Home, "rows">, titleId: string): boolean {
  return rows.some(
    ({ kind, items }) => kind === "my_list" && items.some(({ title }) => title.id === titleId),
  );
}

const fewTitles = 3;

/** A young platform: its rows are short, and the page says so rather than look broken. */
export function isYoung({ rows }: Pick<Home, "rows">): boolean {
  return new Set(rows.flatMap(({ items }) => items.map(({ title }) => title.id))).size < fewTitles;
}
