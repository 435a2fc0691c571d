import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { factsOfName } from "./film-name.ts";

describe("a film's name", () => {
  test.each([
    ["Big Buck Bunny (2008).mkv", { title: "Big Buck Bunny", year: 2008 }],
    ["/films/七人の侍 (1954).mkv", { title: "七人の侍", year: 1954 }],
    ["2001 A Space Odyssey (1968).mov", { title: "2001 A Space Odyssey", year: 1968 }],
    ["Alien [Director's Cut] (1979) [1080p].mkv", { title: "Alien", year: 1979 }],
    ["Big.Buck.Bunny.2008.1080p.x264-GRP.mkv", { title: "Big Buck Bunny", year: 2008 }],
    ["Blade Runner 2049.mkv", { title: "Blade Runner 2049" }],
    ["2012.mp4", { title: "2012" }],
    ["film-trailer.mp4", { title: "film-trailer" }],
  ])("%s", (name, facts) => {
    expect(factsOfName(name)).toEqual(facts);
  });

  test.each([
    ["Show S01E02 - Pilot.mkv", "Show", 1, 2, "Pilot"],
    ["Show S01E02.mkv", "Show", 1, 2, "Episode 2"],
    ["Show (2019) s1e12.mkv", "Show", 1, 12, "Episode 12"],
    ["Show 1x02 Foo.mkv", "Show", 1, 2, "Foo"],
    ["The.Wire.S03E11.Middle.Ground.720p.mkv", "The Wire", 3, 11, "Middle Ground"],
    ["a/Show/Season 1/S01E02.mkv", "Show", 1, 2, "Episode 2"],
    ["a/Show (2019)/S01E02.mkv", "Show", 1, 2, "Episode 2"],
  ])("%s is of a series", (name, series, season, episode, title) => {
    expect(factsOfName(name)).toEqual({ title, series: { name: series }, season, episode });
  });

  test("has a title, whatever it is", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^/\0]*[\p{L}\d][^/\0]*$/u), (name) => {
        expect(factsOfName(`/films/${name}.mkv`).title).not.toBe("");
      }),
    );
  });
});
