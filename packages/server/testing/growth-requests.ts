import { encodeCursor } from "../src/kernel/cursors.ts";
import { filledEmail, filledId, filledWord, vocabularyOf } from "./fill-database.ts";

/** What is asked of a platform that `fillDatabase` filled. */
export interface GrowthRequest {
  label: string;
  /** The n-th address: never the same twice, so that no answer is a kept one. `size`: of titles, and of profiles. */
  path: (n: number, size: number) => string;
  /** A viewer asks for a profile of its own; one with a long history where nothing else is said. */
  by?: "quiet viewer" | "operator";
  /** False: what it finds grows with what there is; it is found by an index, and sorted. */
  bounded?: false;
}

/** Accounts whose profiles the paths name. */
export const growthViewers = {
  busy: Array.from({ length: 10 }, (_, index) => index + 1),
  quiet: Array.from({ length: 10 }, (_, index) => index + 101),
};

export const growthRequests: readonly GrowthRequest[] = [
  { label: "list, newest", path: (n) => list(n, "") },
  { label: "list by title", path: (n) => list(n, "sort=title") },
  { label: "list by year", path: (n) => list(n, "sort=release_year") },
  { label: "list, deep page", path: (n) => list(n, `cursor=${halfWay(n)}`) },
  { label: "list of a genre", path: (n) => list(n, `genre=genre-${n % 30}`) },
  { label: "list of a genre, deep page", path: (n) => list(n, `genre=genre-${n % 30}&cursor=${halfWay(n)}`) },
  { label: "list of a genre by title", path: (n) => list(n, `genre=genre-${n % 30}&sort=title`) },
  { label: "list of a genre by year", path: (n) => list(n, `genre=genre-${n % 30}&sort=release_year`) },
  // Of years that have a page of titles at any size.
  { label: "list of a year", path: (n) => list(n, `year=${1965 + (n % 60)}`) },
  { label: "list of series", path: (n) => list(n, "kind=series") },
  { label: "list of series by title", path: (n) => list(n, "kind=series&sort=title") },
  { label: "search, the most common words", path: (n, size) => search(n, word(n, size, 0)) },
  { label: "search, common words", path: (n, size) => search(n, word(n, size, 0.5)) },
  { label: "search, rare words", path: (n, size) => search(n, word(n, size, 0.95)) },
  {
    label: "search, two words",
    path: (n, size) => search(n, `${word(n % 4, size, 0)} ${word(n, size, 0.4)}`),
  },
  { label: "search, beginning of a word", path: (n, size) => search(n, word(n, size, 0.8).slice(0, 4)) },
  { label: "search, a misspelt word", path: (n, size) => search(n, misspelt(word(n, size, 0.8))) },
  { label: "home page, long history", path: (n) => `${profile(n, growthViewers.busy)}/home` },
  {
    label: "home page, short history",
    path: (n) => `${profile(n, growthViewers.quiet)}/home`,
    by: "quiet viewer",
  },
  { label: "continue watching", path: (n) => `${profile(n, growthViewers.busy)}/continue-watching` },
  { label: "my list", path: (n) => `${profile(n, growthViewers.busy)}/my-list` },
  { label: "ratings", path: (n) => `${profile(n, growthViewers.busy)}/ratings` },
  { label: "title", path: (n, size) => `/v1/titles/${title(n, size)}?${language(n)}`, by: "operator" },
  {
    label: "episodes",
    path: (n) => `/v1/titles/${filledId("ttl", n * 30)}/episodes?${language(n)}`,
    by: "operator",
  },
  { label: "similar titles", path: (n, size) => `/v1/titles/${title(n, size)}/similar`, by: "operator" },
  { label: "genres", path: () => "/v1/genres" },
  { label: "accounts, newest", path: () => "/v1/accounts", by: "operator" },
  {
    label: "accounts, deep page",
    path: (n, size) => `/v1/accounts?cursor=${encodeCursor([filledId("acc", size / 4 + n)])}`,
    by: "operator",
  },
  {
    label: "account by email",
    path: (n) => `/v1/accounts?q=${encodeURIComponent(filledEmail(1234 + n))}`,
    by: "operator",
  },
  {
    label: "accounts by name",
    path: (n) => `/v1/accounts?q=${filledWord(200 + n)}`,
    by: "operator",
    bounded: false,
  },
  { label: "suspended accounts", path: () => "/v1/accounts?state=suspended", by: "operator" },
];

function list(n: number, query: string): string {
  return `/v1/titles?page_size=20&${language(n)}${query && `&${query}`}`;
}

function search(n: number, text: string): string {
  return list(n, `q=${encodeURIComponent(text)}`);
}

/** One that no title has. */
function language(n: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  return `language=x${letters[Math.floor(n / 26) % 26]}-${letters[n % 26]}a`;
}

/** A cursor in the midst of three years of titles. */
function halfWay(n: number): string {
  return encodeCursor([Date.now() - (500 + n) * 86_400_000, filledId("ttl", 1)]);
}

/** Words of a rank that grows with the vocabulary: at 0 they are the most common, at 1 in one or two titles. */
function word(n: number, size: number, rarity: number): string {
  return filledWord(Math.floor(vocabularyOf(size) ** rarity) + n);
}

function misspelt(text: string): string {
  return text.slice(0, 3) + text.charAt(4) + text.charAt(3) + text.slice(5);
}

/** One of those that have neighbours. */
function title(n: number, size: number): string {
  return filledId("ttl", ((n + 1) * 7919) % size);
}

function profile(n: number, accounts: readonly number[]): string {
  return `/v1/profiles/${filledId("prf", 2 * (accounts[n % accounts.length] ?? NaN))}`;
}
