import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  bigBuckBunny,
  makeClip,
  programs,
  simpleClip,
  temporaryFolder,
  testInputs,
} from "../testing/clips.ts";
import { parseDash, parseHls } from "../testing/players.ts";
import type { EncodedPackage } from "./build.ts";
import { readProgram } from "./programs/ffmpeg.ts";
import { jsonFields } from "./json-fields.ts";
import { encode } from "./pipeline.ts";
import type { EncodeOptions } from "./prepare.ts";
import type { Progress } from "./progress.ts";
import { packageDigest } from "./package/report.ts";

async function encodeFast(input: string, options: Partial<EncodeOptions> = {}): Promise<EncodedPackage> {
  const workDir = join(await temporaryFolder(), "work, with a comma, 50%d");
  return encode({
    input,
    workDir,
    preset: "ultrafast",
    ladder: "fixed",
    programs: await programs(),
    ...options,
  });
}

function sizes({ report }: EncodedPackage): string[] {
  return report.renditions
    .filter(({ type }) => type === "video")
    .map(({ width, height }) => `${width}x${height}`);
}

/** AAC adds its encoder delay and fills its last frame: under a tenth of a second. */
function expectSoundOf({ report }: EncodedPackage, seconds: number): void {
  const sound = report.renditions.find(({ type }) => type === "audio")?.durationSeconds ?? 0;
  expect(sound).toBeGreaterThanOrEqual(seconds);
  expect(sound).toBeLessThan(seconds + 0.1);
}

/** What ffprobe reads of a rendition's init segment and first media segment. */
async function streamOf({ folder }: EncodedPackage, id: string) {
  const guards = ["-protocol_whitelist", "concat,file", "-of", "json", "-show_streams"];
  const args = ["-v", "error", ...guards, `concat:${id}/init.mp4|${id}/1.m4s`];
  const { stdout } = await readProgram((await programs()).ffprobe.path, args, { folder });
  const stream = jsonFields(JSON.parse(stdout)).list("streams")[0];
  return {
    rate: stream?.text("r_frame_rate"),
    pixels: stream?.text("pix_fmt"),
    aspect: stream?.text("sample_aspect_ratio"),
    channels: stream?.number("channels"),
    fields: stream?.text("field_order"),
  };
}

/** As a telephone does: the display matrix of the first track's header (ISO/IEC 14496-12, 8.3.2) says how to show it. */
function turnByAQuarter(mp4: Buffer): void {
  const matrix = mp4.indexOf("tkhd") + 44;
  const quarterTurn = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x4000_0000];
  quarterTurn.forEach((value, index) => mp4.writeInt32BE(value, matrix + index * 4));
}

test("a film with two languages and subtitles becomes a package that players' parsers take without a warning", async () => {
  const folder = await temporaryFolder();
  const input = await makeClip(
    join(folder, "film.mp4"),
    testInputs({ size: "1280x720", seconds: 9 }, [440, 880]),
    "-map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -c:a aac -metadata:s:a:0 language=eng -metadata:s:a:1 language=fre",
  );
  const [en, fr] = [join(folder, "en.vtt"), join(folder, "fr.srt")];
  await writeFile(en, "WEBVTT\n\n00:01.000 --> 00:03.000\nHello\n\n00:05.000 --> 00:08.000\nWorld\n");
  await writeFile(fr, "1\n00:00:01,000 --> 00:00:03,000\nBonjour\n");
  const seen: Progress[] = [];
  const encoded = await encodeFast(input, {
    subtitles: [
      { language: "en", path: en },
      { language: "fr", path: fr },
    ],
    onProgress: (progress) => seen.push(progress),
  });
  expect(encoded.report.warnings).toEqual([]);
  expect(sizes(encoded)).toEqual(["1280x720", "960x540", "768x432", "640x360", "416x234"]);

  const hls = await parseHls(encoded.folder, "master.m3u8");
  expect(hls.warnings).toEqual([]);
  expect(hls.manifest.playlists).toHaveLength(5);
  expect(hls.manifest.iFramePlaylists).toHaveLength(5);
  expect(hls.manifest.mediaGroups["AUDIO"]?.["audio"]).toMatchObject({
    English: { language: "en", default: true },
    français: { language: "fr", default: false },
  });
  expect(hls.manifest.mediaGroups["SUBTITLES"]?.["text"]).toMatchObject({
    English: { language: "en", default: false },
    français: { language: "fr", default: false },
  });
  const playlists = encoded.files.filter(
    ({ path }) => path.endsWith("index.m3u8") || path.endsWith("iframes.m3u8"),
  );
  expect(playlists).toHaveLength(5 + 5 + 2 + 2);
  for (const { path } of playlists) {
    expect([path, (await parseHls(encoded.folder, path)).warnings]).toEqual([path, []]);
  }
  const video = await parseHls(encoded.folder, "video-720p/index.m3u8");
  expect(video.manifest.segments.map(({ duration }) => duration)).toEqual([4, 4, 1]);
  const iframes = await readFile(join(encoded.folder, "video-720p/iframes.m3u8"), "utf8");
  expect(iframes.match(/#EXTINF/g)).toHaveLength(5);

  const dash = await parseDash(encoded.folder, "manifest.mpd");
  expect(dash.warnings).toEqual([]);
  expect(dash.manifest.playlists).toHaveLength(5);
  expect(dash.manifest.duration).toBeCloseTo(9, 1);

  const fractions = seen.map(({ fraction }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
});

describe("masters of every shape come out right", () => {
  test("odd sides are cut to even ones, and 4:4:4 becomes 4:2:0", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "odd.mkv"),
      testInputs({ size: "322x242" }),
      "-vf format=yuv444p,crop=321:241 -c:v libx264 -c:a aac",
    );
    const encoded = await encodeFast(input);
    expect(sizes(encoded)).toEqual(["320x240"]);
    expect(await streamOf(encoded, "video-240p")).toMatchObject({ pixels: "yuv420p", aspect: "1:1" });
  });

  test("a turned film stands upright", async () => {
    const folder = await temporaryFolder();
    const input = await simpleClip(join(folder, "turned.mp4"), { size: "640x360" });
    const bytes = await readFile(input);
    turnByAQuarter(bytes);
    await writeFile(input, bytes);
    expect(sizes(await encodeFast(input))).toEqual(["360x640", "234x416"]);
  });

  test("anamorphic pixels become square", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "wide.mkv"),
      testInputs({ size: "360x288", rate: "25" }),
      "-vf setsar=64/45 -c:v libx264 -c:a aac",
    );
    expect(sizes(await encodeFast(input))).toEqual(["512x288", "416x234"]);
  });

  test("interlaced fields are woven away", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "fields.ts"),
      testInputs({ rate: "50" }),
      "-vf tinterlace=interleave_top,fieldorder=tff -c:v libx264 -flags +ildct+ilme -c:a aac",
    );
    const encoded = await encodeFast(input);
    expect(encoded.report.warnings).toMatchObject([{ code: "interlaced" }]);
    expect(await streamOf(encoded, "video-180p")).toMatchObject({ rate: "25/1", fields: "progressive" });
  });

  test.each([
    ["24000/1001", 48],
    ["30000/1001", 60],
  ])("%s frames a second keep their rate and their GOPs of %i frames", async (rate, gop) => {
    const input = await simpleClip(join(await temporaryFolder(), "ntsc.mp4"), { rate, seconds: 5 });
    const encoded = await encodeFast(input);
    expect(encoded.report.plan).toMatchObject({ gopFrames: gop, gopSeconds: 2.002 });
    expect((await streamOf(encoded, "video-180p")).rate).toBe(rate);
    const { manifest } = await parseHls(encoded.folder, "video-180p/index.m3u8");
    expect(manifest.segments[0]?.duration).toBeCloseTo(4.004, 3);
  });

  test("uneven times become a constant rate of the same length", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "vfr.mp4"),
      // Every second frame of the second half is missing.
      testInputs({ rate: "30", seconds: 4 }),
      "-vf select=lt(t\\,2)+not(mod(n\\,2)) -fps_mode vfr -c:v libx264 -c:a aac",
    );
    const encoded = await encodeFast(input);
    expect(encoded.report.warnings).toMatchObject([{ code: "variable_frame_rate" }]);
    expect(encoded.report.durationSeconds).toBeCloseTo(4, 1);
  });

  test("RGB becomes 4:2:0", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "rgb.mkv"),
      testInputs({}),
      "-c:v ffv1 -pix_fmt bgr0 -c:a flac",
    );
    expect(await streamOf(await encodeFast(input), "video-180p")).toMatchObject({ pixels: "yuv420p" });
  });
});

describe("sound", () => {
  test.each([
    ["mono", ["-ac", "1"]],
    ["5.1", ["-ac", "6"]],
    ["44.1 kHz", ["-ar", "44100"]],
  ])("%s becomes stereo as long as the picture", async (_, options) => {
    const input = await makeClip(
      join(await temporaryFolder(), "sound.mkv"),
      testInputs({ seconds: 3 }),
      "-c:v libx264 -c:a aac",
      options,
    );
    const encoded = await encodeFast(input, { language: "de" });
    expect(await streamOf(encoded, "audio-de")).toMatchObject({ channels: 2 });
    expectSoundOf(encoded, 3);
  });

  test("that ends early is filled with silence", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "short.mkv"),
      "-f lavfi -i testsrc2=size=320x180:rate=24:duration=5 -f lavfi -i sine=duration=1 -c:v libx264 -c:a aac",
    );
    const encoded = await encodeFast(input);
    expectSoundOf(encoded, 5);
  });

  test("is not needed", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "silent.mp4"),
      testInputs({}, []),
      "-c:v libx264",
    );
    const encoded = await encodeFast(input);
    expect(encoded.report.warnings).toMatchObject([{ code: "no_audio" }]);
    expect((await parseHls(encoded.folder, "master.m3u8")).warnings).toEqual([]);
  });

  test("of a commentary stands behind the main track of its language, which is the default", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "two.mkv"),
      testInputs({}, [440, 880]),
      "-map 0 -map 1 -map 2 -c:v libx264 -c:a aac -metadata:s:a language=eng -disposition:a:0 comment -disposition:a:1 default",
    );
    const { report } = await encodeFast(input);
    expect(report.plan.audio).toMatchObject([
      { id: "audio-en", streamIndex: 2 },
      { id: "audio-en-commentary", streamIndex: 1 },
    ]);
  });
});

test("seconds of a real film give a poster, thumbnails, and a report without a path of the machine", async () => {
  const folder = await temporaryFolder();
  const input = await makeClip(
    join(folder, "bunny.mp4"),
    "-ss 18 -t 4 -i",
    [bigBuckBunny()],
    "-vf scale=640:-2 -c:v libx264 -preset ultrafast -c:a copy",
  );
  const encoded = await encodeFast(input, { language: "en" });
  expect(sizes(encoded)).toEqual(["640x360", "416x234"]);
  expect((await stat(join(encoded.folder, "poster.jpg"))).size).toBeGreaterThan(5_000);
  const track = await readFile(join(encoded.folder, "thumbnails/index.vtt"), "utf8");
  expect(track.match(/-->/g)).toHaveLength(2);
  expect(track).toContain("sheet-1.jpg#xywh=320,0,320,180");
  const text = await readFile(join(encoded.folder, "package.json"), "utf8");
  expect(text).not.toContain(folder);
  expect(text).not.toContain(encoded.folder);
  expect(JSON.parse(text)).toMatchObject({
    schema: 2,
    source: { filename: "bunny.mp4", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    hls_path: "master.m3u8",
    renditions: [
      { id: "video-360p", codec: expect.stringMatching(/^avc1\./), frame_rate: 24 },
      {},
      { id: "audio-en", codec: "mp4a.40.2", channels: 2 },
      { id: "audio-en-51", codec: "mp4a.40.2", channels: 6 },
    ],
    timings: expect.arrayContaining([expect.objectContaining({ stage: "transcode" })]),
  });
});

test("the same film gives the same bytes, and every file is named with its hash", async () => {
  const folder = await temporaryFolder();
  const input = await simpleClip(join(folder, "clip.mp4"), { size: "640x360", seconds: 5 });
  const vtt = join(folder, "en.vtt");
  await writeFile(vtt, "WEBVTT\n\n00:01.000 --> 00:03.000\nHello\n");
  const subtitles = ["en", "fr", "de"].map((language) => ({ language, path: vtt }));
  const options = { subtitles };
  const [first, second] = [await encodeFast(input, options), await encodeFast(input, options)];
  expect(second.report.mediaDigest).toBe(first.report.mediaDigest);
  expect(packageDigest(first.files)).toBe(first.digest);
  const onDisk = (await readdir(first.folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(first.files).toHaveLength(onDisk.length);
});
