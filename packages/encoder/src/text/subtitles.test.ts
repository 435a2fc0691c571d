import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../testing/clips.ts";
import { readSubtitles, type Subtitle } from "./subtitles.ts";

const cue = "WEBVTT\n\n00:01.000 --> 00:03.000\n";

async function read(content: string | Buffer, language = "en"): Promise<Subtitle | undefined> {
  const path = join(await temporaryFolder(), "film.sub");
  await writeFile(path, content);
  return (await readSubtitles([{ language, path }]))[0];
}

describe("one form comes of all", () => {
  const expected = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nБонжур\n";
  const srt = "1\r\n00:00:01,000 --> 00:00:03,000\r\nБонжур\r\n";
  const ttml =
    '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="3s">Бонжур</p></div></body></tt>';
  test.each([
    ["WebVTT", `${cue}Бонжур`],
    ["WebVTT of old Macs", `${cue}Бонжур`.replaceAll("\n", "\r")],
    ["SRT", srt],
    ["SRT with a mark", `\uFEFF${srt}`],
    ["TTML", ttml],
    ["TTML with its declaration", `<?xml version="1.0" encoding="UTF-8"?>\n${ttml}`],
    ["UTF-16 with a mark", Buffer.from(`\uFEFF${srt}`, "utf16le")],
    ["UTF-16 without", Buffer.from(srt, "utf16le")],
    ["UTF-16 the other way round", Buffer.from(`\uFEFF${srt}`, "utf16le").swap16()],
    [
      "TTML in Windows' Cyrillic, which it says",
      Buffer.concat([Buffer.from('<?xml version="1.0" encoding="windows-1251"?>\n'), cyrillic(ttml)]),
    ],
  ])("%s", async (_, content) => {
    const subtitle = await read(content, "ru");
    expect(subtitle).toMatchObject({ webvtt: expected, cueCount: 1, lastCueEndSeconds: 3, warnings: [] });
  });
});

/** Of the letters used here. */
function cyrillic(text: string): Buffer {
  return Buffer.from(
    [...text].map((letter) =>
      letter < "\u0080" ? letter.charCodeAt(0) : (letter.charCodeAt(0) - 0x410 + 0xc0) & 0xff,
    ),
  );
}

test.each([
  ["fr", Buffer.from(`${cue}été`, "latin1"), "été", "windows-1252"],
  ["ru", cyrillic(`${cue}Бонжур`), "Бонжур", "windows-1251"],
  ["ja", Buffer.concat([Buffer.from(cue), Buffer.from([0x89, 0x66, 0x89, 0xe6])]), "映画", "shift_jis"],
])(
  "a file of before UTF-8 is read as its language (%s) was written, with a word",
  async (language, bytes, text, encoding) => {
    const subtitle = await read(bytes, language);
    expect(subtitle?.webvtt).toContain(text);
    expect(subtitle?.warnings).toMatchObject([
      { code: "subtitle_encoding_guessed", message: expect.stringContaining(encoding) },
    ]);
  },
);

test("overlapping cues stay, in the order in which they begin", async () => {
  const subtitle = await read("1\n00:00:05,000 --> 00:00:09,000\nB\n\n2\n00:00:01,000 --> 00:00:06,000\nA\n");
  expect(subtitle?.webvtt).toMatch(/A[^]*B/);
  expect(subtitle).toMatchObject({ cueCount: 2, lastCueEndSeconds: 9 });
});

test("one file a language and role; the role is part of what it is", async () => {
  const path = join(await temporaryFolder(), "x.vtt");
  await writeFile(path, `${cue}Hi`);
  const subtitles = await readSubtitles([
    { language: "eng", path },
    { language: "en", role: "forced", path },
    { language: "en", role: "sdh", path },
  ]);
  expect(subtitles.map(({ language, role }) => `${language} ${role}`)).toEqual([
    "en main",
    "en forced",
    "en sdh",
  ]);
  const twice = [
    { language: "en", role: "sdh" as const, path },
    { language: "eng", role: "sdh" as const, path },
  ];
  await expect(readSubtitles(twice)).rejects.toMatchObject({ code: "subtitle_duplicate_language" });
});

test("a file that says another language is taken, with a word", async () => {
  const subtitle = await read(
    '<tt xml:lang="fr"><body><div><p begin="1s" end="3s">Oui</p></div></body></tt>',
    "en",
  );
  expect(subtitle?.warnings).toMatchObject([{ code: "subtitle_language_differs" }]);
});

describe("a sidecar that is none gets a stable code", () => {
  test.each([
    ["subtitle_empty", ""],
    ["subtitle_not_valid", "hello"],
    ["subtitle_not_valid", "WEBVTT\n\nno cue here\n"],
    ["subtitle_not_valid", "WEBVTT\n"],
    ["subtitle_not_valid", "WEBVTT\n\n00:03.000 --> 00:01.000\nbackwards\n"],
    ["subtitle_not_utf8", Buffer.from([0x57, 0xe9, 0x20, 0x00])],
    ["subtitle_not_utf8", Buffer.concat([Buffer.from(`${cue}été été`), Buffer.from([0xe9, 0x0a])])],
    ["subtitle_too_large", Buffer.alloc(10_000_001, " ")],
  ])("%s", async (code, content) => {
    await expect(read(content)).rejects.toMatchObject({ code });
  });

  test("subtitle_not_found, language_not_valid", async () => {
    const path = join(await temporaryFolder(), "x.vtt");
    await expect(readSubtitles([{ language: "en", path }])).rejects.toMatchObject({
      code: "subtitle_not_found",
    });
    await expect(readSubtitles([{ language: "not a tag", path }])).rejects.toMatchObject({
      code: "language_not_valid",
    });
  });
});
