import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readList } from "./read-list.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-list-"));
  for (const name of ["a.mov", "b.mov", "Show S01E02.mkv", "a.srt"]) await writeFile(inFolder(name), "");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string) => join(folder, name);

async function read(text: string, commandLine = {}) {
  await writeFile(inFolder("titles.yaml"), text);
  return readList(inFolder("titles.yaml"), commandLine);
}

/** The mistakes, each as `line: what`. */
async function mistakesOf(text: string): Promise<string[]> {
  const error = await read(text).then(
    () => undefined,
    (reason: unknown) => Object(reason),
  );
  expect(error).toMatchObject({ code: "list_not_valid", exitCode: 1 });
  return error.errors.map(({ pointer, message }: { pointer: string; message: string }) =>
    `${pointer}: ${message}`.replace("titles.yaml:", ""),
  );
}

describe("a list of titles", () => {
  test("says the same as the command line, by the same words", async () => {
    const [film, episode] = await read(`
titles:
  - file: a.mov
    title: "2012"
    year: 2009
    genre: [drama, Science Fiction]
    rating: PG-13
    territory: US
    language: en
    subtitle: { fr: a.srt }
    publish: true
  - Show S01E02.mkv
`);
    expect(film).toMatchObject({
      name: "2012",
      place: "titles.yaml:3",
      file: inFolder("a.mov"),
      publish: true,
      encode: { language: "en", subtitles: [{ language: "fr", path: inFolder("a.srt") }] },
      wanted: {
        title: "2012",
        facts: {
          release_year: 2009,
          genres: ["drama", "science-fiction"],
          original_language: "en",
          maturity: { value: "PG-13" },
          availability: [{ territories: ["US"] }],
        },
      },
    });
    expect(episode).toMatchObject({
      name: "Show S01E02 Episode 2",
      wanted: { place: { series: { name: "Show" }, season: 1, episode: 2 } },
      publish: false,
    });
  });

  test.each([
    ["subtitle: fr=a.srt", "a word"],
    ["subtitle: [fr=a.srt]", "a list of words"],
    ["subtitle: { fr: a.srt }", "a map"],
    ["subtitle:\n      - fr: a.srt", "a list of maps"],
    ["subtitle: &s { fr: a.srt }", "an anchor"],
  ])("takes %s, %s", async (line) => {
    const [entry] = await read(`titles:\n  - file: a.mov\n    ${line}\n`);
    expect(entry?.encode.subtitles).toEqual([{ language: "fr", path: inFolder("a.srt") }]);
  });

  test("an entry counts more than the defaults, and the command line more than both", async () => {
    const list =
      "defaults: { preset: slow, publish: true, genre: drama }\ntitles:\n  - { file: a.mov, preset: fast, publish: false }\n  - b.mov\n";
    expect(await read(list)).toMatchObject([
      { encode: { preset: "fast" }, publish: false, wanted: { facts: { genres: ["drama"] } } },
      { encode: { preset: "slow" }, publish: true },
    ]);
    const commandLine = { encode: { preset: "ultrafast" as const }, choice: { genre: ["comedy"] } };
    expect(await read(list, commandLine)).toMatchObject([
      { encode: { preset: "ultrafast" }, wanted: { facts: { genres: ["comedy"] } } },
      { encode: { preset: "ultrafast" } },
    ]);
  });

  test("an address is left as it is, and looked for when its turn comes", async () => {
    const [entry] = await read("titles: [{ file: 'https://films.example/a.mov', title: A }]");
    expect(entry?.file).toBe("https://films.example/a.mov");
  });
});

describe("what is wrong with a list is told all at once, with its lines", () => {
  test("of each kind", async () => {
    const mistakes = await mistakesOf(`defaults:
  preset: warp
  title: X
titles:
  - file: a.mov
    yaer: 2010
    year: abc
    subtitle: { fr: gone.srt }
    publish: yes please
    episode: [1, 2]
  - title: No file
  - gone.mov
  - { file: b.mov, title: B }
  - { file: a.mov, title: B }
  - [a, b]
  - { file: a.mov, title: C, title_id: ttl_01k9v3c4x5e6f7g8h9j0kmnpqr }
  - { file: a.mov, title: D, season: 3 }
surprise: 1
`);
    expect(mistakes).toEqual([
      expect.stringMatching(/^2: preset must be one of ultrafast, .*not "warp"$/),
      "3: title is of one title: say it with the title",
      '6: "yaer" is not known; did you mean year?',
      '7: year must be a whole number from 1870 to 2200, not "abc"',
      `8: there is no file ${inFolder("gone.srt")}`,
      "9: publish must be true or false",
      "10: episode takes one value",
      "11: has no file",
      `12: there is no file ${inFolder("gone.mov")}`,
      "14: is the same title as the one at titles.yaml:13",
      "15: must be a title with its file, or a file",
      "16: Either title or title-id is needed",
      "17: An episode needs series, season and episode",
      '18: "surprise" is not known: a list has titles and defaults',
    ]);
  });

  test.each([
    ["titles: [", /^1: /],
    ["titles:\n  - file: a.mov\n    file: b.mov\n", /^3: .*unique/],
    ["films: []", /^1: "films" is not known/],
    ["just text", /lists no titles/],
    ["", /lists no titles/],
  ])("%j", async (text, mistake) => {
    expect((await mistakesOf(text))[0]).toMatch(mistake);
  });

  test("of very many, the first hundred", async () => {
    const entries = Array.from(
      { length: 300 },
      (_, index) => `  - { file: a.mov, title: T${index}, yaer: 1 }\n`,
    );
    const mistakes = await mistakesOf(`titles:\n${entries.join("")}`);
    expect(mistakes).toHaveLength(101);
    expect(mistakes.at(-1)).toBe(" and 200 more");
  });
});
