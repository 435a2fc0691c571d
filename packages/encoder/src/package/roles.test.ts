import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { parseDash, parseHls } from "../../testing/players.ts";
import type { EncodedPackage } from "../build.ts";
import { encode } from "../pipeline.ts";

let encoded: EncodedPackage;

/** A film in English 5.1 with a commentary, French sound and a description beside it, and subtitles of every role. */
beforeAll(async () => {
  let remove = async (): Promise<void> => {};
  const folder = await temporaryFolder((removeFolder) => (remove = removeFolder));
  const flags = "-metadata:s:a language=eng -disposition:a:0 default -disposition:a:1 comment";
  const input = await makeClip(
    join(folder, "film.mkv"),
    testInputs({ seconds: 5 }, [440, 880]),
    `-map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -c:a flac -ac:a:0 6 -ac:a:1 2 ${flags}`,
  );
  const wav = await makeClip(join(folder, "x.wav"), "-f lavfi -i sine=duration=5");
  const vtt = join(folder, "x.vtt");
  await writeFile(vtt, "WEBVTT\n\n00:01.000 --> 00:03.000\nHello\n");
  encoded = await encode({
    input,
    audioFiles: [
      { language: "fr", path: wav },
      { language: "en", role: "description", path: wav },
    ],
    subtitles: [
      { language: "en", path: vtt },
      { language: "en", role: "forced", path: vtt },
      { language: "en", role: "sdh", path: vtt },
    ],
    workDir: join(folder, "work"),
    preset: "ultrafast",
    programs: await programs(),
  });
  return () => remove();
});

test("HLS: stereo and 5.1 are groups with the same members, so that no player misses one; each says what it is for", async () => {
  const { manifest, warnings } = await parseHls(encoded.folder, "master.m3u8");
  expect(warnings).toEqual([]);
  const names = ["English", "français", "English (commentary)", "English (audio description)"];
  expect(Object.keys(manifest.mediaGroups["AUDIO"] ?? {})).toEqual(["audio", "audio-51"]);
  for (const group of ["audio", "audio-51"]) {
    const members = manifest.mediaGroups["AUDIO"]?.[group] ?? {};
    expect(Object.keys(members)).toEqual(names);
    expect(members).toMatchObject({
      English: {
        default: true,
        autoselect: true,
        uri: group === "audio" ? "audio-en/index.m3u8" : "audio-en-51/index.m3u8",
      },
      français: { default: false, autoselect: true },
      "English (commentary)": { default: false, autoselect: false },
      "English (audio description)": {
        autoselect: true,
        characteristics: "public.accessibility.describes-video",
      },
    });
  }
  expect(manifest.mediaGroups["SUBTITLES"]?.["text"]).toMatchObject({
    English: { default: false, autoselect: true },
    "English (forced)": { default: false, autoselect: true, forced: true },
    "English (SDH)": {
      autoselect: true,
      characteristics:
        "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound",
    },
  });
  const variants = manifest.playlists?.map(({ attributes }) => attributes["AUDIO"]);
  expect(variants).toEqual(["audio", "audio-51"]);
});

test("DASH: each track is an adaptation set with its role, its label and what it is for", async () => {
  expect((await parseDash(encoded.folder, "manifest.mpd")).warnings).toEqual([]);
  const xml = await readFile(join(encoded.folder, "manifest.mpd"), "utf8");
  const sets = xml.split("<AdaptationSet").slice(1);
  const facts = sets.map((set) => {
    const all = (pattern: RegExp) => [...set.matchAll(pattern)].map(([, value]) => value).join(" ");
    return [
      all(/<Label>([^<]*)/g),
      all(/role:2011" value="([^"]*)/g),
      all(/AudioPurposeCS:2007" value="([^"]*)/g),
    ];
  });
  // The first is the picture, the last the thumbnails.
  expect(facts.slice(1, -1)).toEqual([
    ["English", "main", ""],
    ["English 5.1", "main", ""],
    ["français", "main", ""],
    ["English (commentary)", "commentary", ""],
    ["English (audio description)", "description", "1"],
    ["English", "subtitle", ""],
    ["English (forced)", "forced-subtitle", ""],
    ["English (SDH)", "caption", "2"],
  ]);
});

test("the report tells what became of each sound", () => {
  const { report } = encoded;
  expect(report.renditions.map(({ id, role }) => [id, role])).toEqual([
    ["video-180p", undefined],
    ["audio-en", "main"],
    ["audio-en-51", "main"],
    ["audio-fr", "main"],
    ["audio-en-commentary", "commentary"],
    ["audio-en-description", "description"],
    ["text-en", "main"],
    ["text-en-forced", "forced"],
    ["text-en-sdh", "sdh"],
  ]);
  expect(report.sound.map(({ id }) => id)).toHaveLength(5);
  for (const { loudness } of report.sound) {
    expect(Math.abs((loudness?.output.integratedLkfs ?? 0) + 24)).toBeLessThan(1);
  }
  expect(report.commands.map(({ name }) => name)).toContain("audio, x.wav");
  expect(JSON.stringify(report.commands)).not.toContain("/flix-encoder-");
});
