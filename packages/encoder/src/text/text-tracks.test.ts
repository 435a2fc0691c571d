import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { makePgs } from "../../testing/pgs.ts";
import { probe } from "../source/probe.ts";
import { planText } from "./plan-text.ts";
import { takeTextTracks } from "./text-tracks.ts";

const film = [...testInputs({ seconds: 4 }, []), "-c:v", "libx264", "-preset", "ultrafast"];
const srt =
  '1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i>\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}<font color="#ffff00">Up</font>\n';
const ass = `[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Arial,16,&Hffffff,2
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}Guten{\\i0} Tag\\N\\Nund mehr
`;
const vtt = "WEBVTT\n\n00:01.000 --> 00:02.000 line:10% align:start\n<c.yellow>Hola</c>\n";

interface Track {
  content: string;
  extension: string;
  codec?: string;
  tags?: string;
}

/** A film with these text tracks, as many as there are; what is planned and taken of it. */
async function take(extension: string, tracks: readonly Track[]) {
  const folder = await temporaryFolder();
  const inputs: string[] = [];
  const options: string[] = [];
  for (const [index, { content, extension: form, codec = "copy", tags = "" }] of tracks.entries()) {
    const path = join(folder, `${index}.${form}`);
    await writeFile(path, content);
    inputs.push("-i", path);
    options.push("-map", String(index + 1), `-c:s:${index}`, codec);
    options.push(
      ...tags
        .split(" ")
        .filter(Boolean)
        .flatMap((tag) => tag.replace("#", String(index)).split("=>")),
    );
  }
  const [lavfi, coding] = [film.slice(0, 4), film.slice(4)];
  const path = await makeClip(join(folder, `film.${extension}`), [
    ...lavfi,
    ...inputs,
    "-map",
    "0",
    ...coding,
    ...options,
  ]);
  return takeFrom(path);
}

async function takeFrom(path: string) {
  const { ffmpeg, ffprobe } = await programs();
  const source = { ...(await probe(ffprobe.path, path)), durationSeconds: 4 };
  const planned = planText({ source, subtitles: [] });
  const folder = await temporaryFolder();
  const taken = await takeTextTracks({ ffmpeg: ffmpeg.path, source, renditions: planned.renditions, folder });
  const read = async (name: string) => [
    name,
    (await readFile(join(folder, name), "utf8")).replace("WEBVTT\n\n", ""),
  ];
  const texts = Object.fromEntries(await Promise.all((await readdir(folder)).map(read)));
  return { ...taken, planned, texts };
}

test("tracks of Matroska are taken with their languages and roles, their styles and places", async () => {
  const language = (tag: string) => `-metadata:s:s:#=>language=${tag}`;
  const { texts, written, warnings } = await take("mkv", [
    { content: srt, extension: "srt", tags: language("eng") },
    { content: srt, extension: "srt", tags: `${language("eng")} -disposition:s:#=>forced` },
    { content: srt, extension: "srt", tags: `${language("eng")} -disposition:s:#=>hearing_impaired` },
    { content: ass, extension: "ass", tags: language("ger") },
    { content: vtt, extension: "vtt", tags: language("spa") },
  ]);
  const english =
    "00:00:01.000 --> 00:00:02.000\n<i>Hello</i>\n\n00:00:03.000 --> 00:00:04.000 line:0\n<c.yellow>Up</c>\n";
  expect(texts).toEqual({
    "text-en.vtt": english,
    "text-en-forced.vtt": english,
    "text-en-sdh.vtt": english,
    "text-de.vtt": "00:00:01.000 --> 00:00:02.000\n<i>Guten</i> Tag\nund mehr\n",
    "text-es.vtt": "00:00:01.000 --> 00:00:02.000 line:10% align:start\n<c.yellow>Hola</c>\n",
  });
  expect(written).toHaveLength(5);
  expect(warnings).toEqual([]);
});

test("tracks of MP4 are taken: timed text and TTML", async () => {
  const { texts, warnings } = await take("mp4", [
    { content: srt, extension: "srt", codec: "mov_text", tags: "-metadata:s:s:#=>language=eng" },
    { content: srt, extension: "srt", codec: "ttml", tags: "-metadata:s:s:#=>language=fra" },
  ]);
  expect(texts["text-en.vtt"]).toContain("00:00:01.000 --> 00:00:02.000\n<i>Hello</i>\n");
  expect(texts["text-fr.vtt"]).toContain("00:00:01.000 --> 00:00:02.000\nHello\n");
  expect(warnings).toEqual([]);
});

test("a track without a word, and a second one of a kind, are left out with a word", async () => {
  const english = "-metadata:s:s:#=>language=eng";
  const { texts, written, warnings, planned } = await take("mkv", [
    { content: srt, extension: "srt", tags: english },
    { content: srt, extension: "srt", tags: english },
    { content: "WEBVTT\n\n", extension: "vtt", codec: "webvtt", tags: "-metadata:s:s:#=>language=fra" },
  ]);
  expect(Object.keys(texts)).toEqual(["text-en.vtt"]);
  expect(written).toMatchObject([{ id: "text-en" }]);
  expect(warnings).toMatchObject([{ code: "subtitle_track_empty" }]);
  expect(planned.warnings).toMatchObject([
    { code: "subtitle_track_ignored", message: expect.stringContaining("already") },
  ]);
});

test("pictures of text are no text, and how to keep them is told", async () => {
  const folder = await temporaryFolder();
  const sup = await makePgs(join(folder, "x.sup"), [{ startSeconds: 1, endSeconds: 2 }]);
  const [lavfi, coding] = [film.slice(0, 4), film.slice(4)];
  const path = await makeClip(join(folder, "film.mkv"), [
    ...lavfi,
    "-i",
    sup,
    "-map",
    "0",
    "-map",
    "1",
    ...coding,
    "-c:s",
    "copy",
  ]);
  const { written, planned } = await takeFrom(path);
  expect(written).toEqual([]);
  expect(planned.warnings).toMatchObject([
    { code: "bitmap_subtitle_ignored", message: expect.stringContaining("--burn-subtitle 1") },
  ]);
});
