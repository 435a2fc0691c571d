import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../testing/clips.ts";
import { readSubtitles, srtToWebVtt } from "./subtitles.ts";

const srt =
  "1\r\n00:00:01,000 --> 00:00:02,5\r\n<font color=red>Hi</font> {\\an8}there\r\n\r\n2\r\n00:01:00,000 --> 00:01:01,000\r\nBye\r\n";

test("SRT becomes WebVTT with its times and without its fonts", () => {
  expect(srtToWebVtt(srt.replaceAll("\r\n", "\n"))).toBe(
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHi there\n\n00:01:00.000 --> 00:01:01.000\nBye\n",
  );
});

test("sidecars are read in either form and either width of UTF", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "a.srt"), srt);
  await writeFile(
    join(folder, "b.vtt"),
    Buffer.from("\uFEFFWEBVTT\n\n00:01.000 --> 00:03.000\nБонжур\n", "utf16le"),
  );
  const [a, b] = await readSubtitles([
    { language: "eng", path: join(folder, "a.srt") },
    { language: "fr", path: join(folder, "b.vtt") },
  ]);
  expect(a).toMatchObject({ language: "en", cueCount: 2, lastCueEndSeconds: 61 });
  expect(b).toMatchObject({ language: "fr", cueCount: 1, lastCueEndSeconds: 3 });
});

describe("a sidecar that is none gets a stable code", () => {
  test.each([
    ["subtitle_empty", ""],
    ["subtitle_not_valid", "hello"],
    ["subtitle_not_valid", "WEBVTT\n\nno cue here\n"],
    ["subtitle_not_valid", "WEBVTT\n\n00:03.000 --> 00:01.000\nbackwards\n"],
    ["subtitle_not_utf8", Buffer.from([0x57, 0xe9, 0x20, 0xff])],
  ])("%s", async (code, content) => {
    const path = join(await temporaryFolder(), "x.vtt");
    await writeFile(path, content);
    await expect(readSubtitles([{ language: "en", path }])).rejects.toMatchObject({ code });
  });

  test("subtitle_not_found, language_not_valid, subtitle_duplicate_language", async () => {
    const path = join(await temporaryFolder(), "x.vtt");
    await expect(readSubtitles([{ language: "en", path }])).rejects.toMatchObject({
      code: "subtitle_not_found",
    });
    await writeFile(path, "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n");
    await expect(readSubtitles([{ language: "not a tag", path }])).rejects.toMatchObject({
      code: "language_not_valid",
    });
    const twice = [
      { language: "en", path },
      { language: "eng", path },
    ];
    await expect(readSubtitles(twice)).rejects.toMatchObject({ code: "subtitle_duplicate_language" });
  });
});
