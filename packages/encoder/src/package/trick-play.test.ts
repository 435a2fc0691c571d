import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { programs, simpleClip, temporaryFolder } from "../../testing/clips.ts";
import { parseDash, parseHls } from "../../testing/players.ts";
import type { EncodedPackage } from "../build.ts";
import { jsonFields } from "../json-fields.ts";
import { encode } from "../pipeline.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { imagePlaylist } from "./image-tracks.ts";

let film: EncodedPackage;
let folder: string;
beforeAll(async () => {
  let remove = async (): Promise<void> => {};
  folder = await temporaryFolder((removeFolder) => (remove = removeFolder));
  const input = await simpleClip(join(folder, "film.mp4"), { size: "640x360", seconds: 5 });
  const found = await programs();
  film = await encode({ input, workDir: join(folder, "work"), preset: "ultrafast", programs: found });
  return () => remove();
});

interface Frame {
  type: string | undefined;
  key: number | undefined;
}

/** Decodes what a player gets that asks for the initialisation section and one range. */
async function decodeRange(
  playlist: string,
  uri: string,
  range: { offset: number; length: number },
): Promise<Frame[]> {
  const at = (path: string): string => join(film.folder, dirname(playlist), path);
  const segment = await readFile(at(uri));
  const end = range.offset + range.length;
  expect(end).toBeLessThanOrEqual(segment.length);
  const path = join(folder, "range.mp4");
  await writeFile(path, Buffer.concat([await readFile(at("init.mp4")), segment.subarray(range.offset, end)]));
  const shown = ["-show_entries", "frame=pict_type,key_frame", "-of", "json"];
  const { stdout, stderr } = await readProgram((await programs()).ffprobe.path, [
    "-v",
    "error",
    ...shown,
    path,
  ]);
  expect(stderr).not.toMatch(/error while decoding|concealing/i);
  const frames = jsonFields(JSON.parse(stdout)).list("frames");
  return frames.map((frame) => ({ type: frame.text("pict_type"), key: frame.number("key_frame") }));
}

test("every byte range of the I-frame playlists is a key frame that decodes alone", async () => {
  const { manifest } = await parseHls(film.folder, "master.m3u8");
  const playlists = manifest.iFramePlaylists?.map((item) => jsonFields(item).text("uri") ?? "") ?? [];
  expect(playlists).toEqual(["video-360p/iframes.m3u8", "video-234p/iframes.m3u8"]);
  for (const playlist of playlists) {
    const { segments } = (await parseHls(film.folder, playlist)).manifest;
    expect(segments.map(({ duration }) => duration)).toEqual([2, 2, 1]);
    for (const { uri, byterange } of segments) {
      if (!byterange) throw new Error(`${playlist} names ${uri} without a range`);
      expect(await decodeRange(playlist, uri, byterange)).toEqual([{ type: "I", key: 1 }]);
    }
  }
});

describe("the sheets of thumbnails", () => {
  test("stand in HLS as an image stream that parsers take without a warning", async () => {
    const master = await readFile(join(film.folder, "master.m3u8"), "utf8");
    expect(master).toMatch(
      /^#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=\d+,RESOLUTION=320x180,CODECS="jpeg",URI="thumbnails\/tiles.m3u8"$/m,
    );
    expect((await parseHls(film.folder, "master.m3u8")).warnings).toEqual([]);
    const tiles = await parseHls(film.folder, "thumbnails/tiles.m3u8");
    expect(tiles.warnings).toEqual([]);
    expect(tiles.manifest.segments).toMatchObject([{ duration: 6, uri: "sheet-1.jpg" }]);
  });

  test("stand in DASH as an adaptation set of tiles, beside the film's own", async () => {
    const { manifest, warnings } = await parseDash(film.folder, "manifest.mpd");
    expect(warnings).toEqual([]);
    expect(manifest.playlists).toHaveLength(2);
    const mpd = await readFile(join(film.folder, "manifest.mpd"), "utf8");
    expect(mpd).toContain('schemeIdUri="http://dashif.org/guidelines/thumbnail_tile" value="5x5"');
    // 25 tiles of 48 frames at 24 frames a second: 50 s a sheet.
    expect(mpd).toContain(
      'media="thumbnails/sheet-$Number$.jpg" startNumber="1" timescale="24" duration="1200"',
    );
    expect(mpd).toContain('width="1600" height="900"');
  });

  test("of a film at 23.976 frames a second keep its exact times, and the last sheet ends with the film", () => {
    const frameRate = { num: 24000, den: 1001 };
    const thumbnails = {
      width: 320,
      height: 134,
      columns: 5,
      rows: 5,
      everyFrames: 240,
      everySeconds: 10.01,
    };
    const lines = imagePlaylist({ plan: { frameRate, thumbnails }, count: 30 }).split("\n");
    expect(lines).toContain("#EXT-X-TARGETDURATION:251");
    expect(lines.filter((line) => line.startsWith("#EXTINF"))).toEqual(["#EXTINF:250.25,", "#EXTINF:50.05,"]);
    expect(lines).toContain("#EXT-X-TILES:RESOLUTION=320x134,LAYOUT=5x5,DURATION=10.01");
    expect(lines.slice(-3)).toEqual(["sheet-2.jpg", "#EXT-X-ENDLIST", ""]);
  });
});
