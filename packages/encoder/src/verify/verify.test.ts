import { cp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import type { EncodedPackage } from "../build.ts";
import { encode } from "../pipeline.ts";
import { verifyPackage } from "./verify.ts";

let good: EncodedPackage;

beforeAll(async () => {
  let remove = async (): Promise<void> => {};
  const folder = await temporaryFolder((removeFolder) => (remove = removeFolder));
  const input = await makeClip(
    join(folder, "film.mp4"),
    testInputs({ size: "640x360", seconds: 9 }),
    "-c:v libx264 -c:a aac",
  );
  const vtt = join(folder, "en.vtt");
  await writeFile(vtt, "WEBVTT\n\n00:01.000 --> 00:08.000\nHello\n");
  const subtitles = [{ language: "en", path: vtt }];
  good = await encode({
    input,
    subtitles,
    language: "en",
    workDir: join(folder, "work"),
    preset: "ultrafast",
    programs: await programs(),
  });
  return () => remove();
});

async function verifyWith(damage: (folder: string) => Promise<void>): Promise<unknown> {
  const folder = join(await temporaryFolder(), "package");
  await cp(good.folder, folder, { recursive: true });
  await damage(folder);
  return verifyPackage({ ffprobe: (await programs()).ffprobe.path, folder, plan: good.report.plan }).catch(
    (error: unknown) => error,
  );
}

const edit = (path: string, change: (text: string) => string) => async (folder: string) => {
  const before = await readFile(join(folder, path), "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(join(folder, path), after);
};

test("a good package passes with its facts", async () => {
  expect(await verifyWith(async () => {})).toMatchObject({
    frames: 216,
    durationSeconds: 9,
    renditions: [{ sampleCount: 216 }, {}, {}, {}],
  });
});

test.each<[string, RegExp, (folder: string) => Promise<void>]>([
  ["a segment is missing", /video-360p\/2.m4s is missing/, (folder) => rm(join(folder, "video-360p/2.m4s"))],
  [
    "a segment is empty",
    /video-234p\/1.m4s is empty/,
    (folder) => truncate(join(folder, "video-234p/1.m4s"), 0),
  ],
  [
    "a segment is cut",
    /video-360p\/1.m4s is not a media segment/,
    (folder) => truncate(join(folder, "video-360p/1.m4s"), 20_000),
  ],
  [
    "a segment is another one",
    /video-360p\/2.m4s begins at 0/,
    (folder) => cp(join(folder, "video-360p/1.m4s"), join(folder, "video-360p/2.m4s")),
  ],
  ["sound is missing", /audio-en\/3.m4s is missing/, (folder) => rm(join(folder, "audio-en/3.m4s"))],
  [
    "a rendition is of another size",
    /video-360p does not decode/,
    (folder) => cp(join(folder, "video-234p"), join(folder, "video-360p"), { recursive: true }),
  ],
  [
    "HLS names a segment less",
    /different segments of video-360p/,
    edit("video-360p/index.m3u8", (text) => text.replace("#EXTINF:1.000,\n3.m4s\n", "")),
  ],
  [
    "HLS does not end",
    /video-360p\/index.m3u8 has no end/,
    edit("video-360p/index.m3u8", (text) => text.replace("#EXT-X-ENDLIST", "")),
  ],
  [
    "HLS lacks a rendition",
    /master.m3u8 does not list video-234p/,
    edit("master.m3u8", (text) => text.replace("video-234p/index.m3u8", "x.m3u8")),
  ],
  [
    "DASH lacks a rendition",
    /manifest.mpd does not list audio-en/,
    edit("manifest.mpd", (text) => text.replaceAll("audio-en", "audio-xx")),
  ],
  [
    "DASH is live",
    /not of type static/,
    edit("manifest.mpd", (text) => text.replace('type="static"', 'type="dynamic"')),
  ],
  [
    "the manifests are empty",
    /master.m3u8 has 0 variants/,
    (folder) => truncate(join(folder, "master.m3u8"), 0),
  ],
  ["the poster is cut", /poster.jpg is not a picture/, (folder) => truncate(join(folder, "poster.jpg"), 300)],
  [
    "a candidate for the poster is cut",
    /posters\/1.jpg is not a picture/,
    (folder) => truncate(join(folder, "posters/1.jpg"), 300),
  ],
  [
    "a sheet is missing",
    /sheet-1.jpg is not a picture/,
    (folder) => rm(join(folder, "thumbnails/sheet-1.jpg")),
  ],
  [
    "HLS lacks the thumbnails",
    /master.m3u8 does not list the thumbnails/,
    edit("master.m3u8", (text) => text.replace("#EXT-X-IMAGE-STREAM-INF", "#EXT-X-NONE")),
  ],
  [
    "DASH lacks the thumbnails",
    /manifest.mpd does not list the thumbnails/,
    edit("manifest.mpd", (text) => text.replace('contentType="image"', 'contentType="none"')),
  ],
  [
    "the thumbnails' playlist names a sheet too many",
    /tiles.m3u8 does not name the sheets/,
    edit("thumbnails/tiles.m3u8", (text) => text.replace("#EXT-X-ENDLIST", "sheet-2.jpg\n#EXT-X-ENDLIST")),
  ],
  ["subtitles are lost", /text-en\/1.vtt is missing/, (folder) => rm(join(folder, "text-en/1.vtt"))],
])("where %s, it is said", async (_, message, damage) => {
  expect(await verifyWith(damage)).toMatchObject({
    code: "verify_failed",
    message: expect.stringMatching(message),
  });
});

test("where a rendition has other colours than it is to have, it is said", async () => {
  const { plan } = good.report;
  const video = plan.video.map((rendition) => ({ ...rendition, dynamicRange: "hlg" as const }));
  const { path } = (await programs()).ffprobe;
  await expect(
    verifyPackage({ ffprobe: path, folder: good.folder, plan: { ...plan, video } }),
  ).rejects.toMatchObject({
    code: "verify_failed",
    message: expect.stringContaining("video-360p does not decode as it was planned"),
  });
});

test("where the film has fewer frames than its source, it is said", async () => {
  const plan = { ...good.report.plan, expectedFrames: 240 };
  const checked = verifyPackage({ ffprobe: (await programs()).ffprobe.path, folder: good.folder, plan });
  await expect(checked).rejects.toMatchObject({
    code: "verify_failed",
    message: expect.stringContaining("216 frames"),
  });
});
