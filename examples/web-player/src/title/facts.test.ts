import { expect, test } from "vitest";
import { titleOf } from "../../testing/titles.ts";
import { factsOf, formatClock, formatDuration, genreName } from "./facts.ts";
import { episodeToPlay } from "./load-title.ts";

test("A length is as exact as it matters", () => {
  expect([14, 59, 60, 89, 2_520, 3_600, 5_730].map(formatDuration)).toEqual([
    "14 sec",
    "59 sec",
    "1 min",
    "1 min",
    "42 min",
    "1 h",
    "1 h 36 min",
  ]);
});

test("The player's clock shows hours only where there are some, and nothing odd before the length is known", () => {
  expect([0, 9.9, 61, 725, 3_729, Number.NaN, -1].map(formatClock)).toEqual([
    "0:00",
    "0:09",
    "1:01",
    "12:05",
    "1:02:09",
    "0:00",
    "0:00",
  ]);
});

test("What is known of a title is told in one line, what is not is left out", () => {
  expect(factsOf(titleOf())).toEqual([]);
  const film = titleOf({
    release_year: 2008,
    duration_seconds: 596,
    genres: ["animation", "science-fiction"],
  });
  expect(factsOf(film)).toEqual(["2008", "10 min", "Animation, Science fiction"]);
  const episode = { series_id: film.id, season_number: 2, episode_number: 11 };
  expect(factsOf(titleOf({ kind: "episode", episode }))).toEqual(["S2 E11"]);
  expect(factsOf(titleOf({ kind: "series" }))).toEqual(["Series"]);
  expect(genreName("film-noir")).toBe("Film noir");
});

test("A series plays the episode that was begun, else the first that can be played", () => {
  const episodes = [titleOf({ playable: false }), titleOf(), titleOf()];
  expect(episodeToPlay(episodes, [])).toBe(episodes[1]);
  expect(episodeToPlay(episodes, [{ title: titleOf() }, { title: { id: episodes[2]?.id ?? "" } }])).toBe(
    episodes[2],
  );
  expect(episodeToPlay([titleOf({ playable: false })], [])).toBeUndefined();
});
