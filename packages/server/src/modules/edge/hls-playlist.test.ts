import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { limitMaster, readSegmentUris, readVariants } from "./hls-playlist.ts";

const packaged = join(import.meta.dirname, "../playback/testing/fixtures/shaka-packager-3.4.2");
const master = readFileSync(join(packaged, "master.m3u8"), "utf8");

describe("a master playlist of shaka-packager", () => {
  it("names each rendition, once to play and once for trick play", () => {
    expect(readVariants(master).map(({ uri, height }) => [uri, height])).toEqual([
      ["video-1080p/main.m3u8", 1080],
      ["video-720p/main.m3u8", 720],
      ["video-360p/main.m3u8", 360],
      ["video-1080p/iframe.m3u8", 1080],
      ["video-720p/iframe.m3u8", 720],
      ["video-360p/iframe.m3u8", 360],
    ]);
  });

  it("loses what is above the limit, and nothing else", () => {
    const limited = limitMaster(master, 720);
    expect(readVariants(limited).map(({ height }) => height)).toEqual([720, 360, 720, 360]);
    expect(limited).not.toContain("1080");
    const kept = master.split("\n").filter((line) => !/1080/.test(line));
    expect(limited.split("\n")).toEqual(kept);
  });

  it("stays as it is when nothing is above the limit", () => {
    expect(limitMaster(master, 1080)).toBe(master);
  });
});

describe("a master playlist of several codecs, in SDR and HDR", () => {
  const codecs = readFileSync(`${packaged}-codecs/master.m3u8`, "utf8");
  const sets = (playlist: string) => [
    ...new Set(readVariants(playlist).map(({ uri }) => uri.replace(/-?\d+p?\/.*/, ""))),
  ];

  it("keeps every codec below the limit, each with what it has there", () => {
    const limited = limitMaster(codecs, 400);
    const heights = readVariants(limited).map(({ uri, height }) => [uri.split("/")[0], height]);
    expect(new Set(heights.map(([, height]) => height))).toEqual(new Set([360, 234, 180]));
    expect(sets(limited)).toEqual(sets(codecs));
    expect(limited).toContain("video-av1-hdr-360p/iframes.m3u8");
    expect(limited).not.toMatch(/540p|432p/);
  });
});

describe("a master playlist by another hand", () => {
  it("may have CRLF, comments before the URI, and commas in quotes", () => {
    const lines = [
      "#EXTM3U",
      '#EXT-X-STREAM-INF:NAME="a,RESOLUTION=1x100",BANDWIDTH=1,RESOLUTION=1920x1080',
      "# best",
      "",
      "best.m3u8?a=1",
      "#EXT-X-STREAM-INF:BANDWIDTH=1",
      "sound.m3u8",
      "",
    ];
    const playlist = lines.join("\r\n");
    expect(readVariants(playlist).map(({ uri, height }) => [uri, height])).toEqual([
      ["best.m3u8?a=1", 1080],
      ["sound.m3u8", undefined],
    ]);
    expect(limitMaster(playlist, 720)).toBe(lines.filter((_, at) => at !== 1 && at !== 4).join("\r\n"));
  });
});

describe("a media playlist", () => {
  it("names its initialisation section and its segments", () => {
    const media = readFileSync(join(packaged, "video-1080p/main.m3u8"), "utf8");
    expect(readSegmentUris(media)).toEqual(["init.mp4", "1.m4s", "2.m4s"]);
    expect(readVariants(media)).toEqual([]);
  });
});
