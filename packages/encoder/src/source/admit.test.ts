import { execFileSync } from "node:child_process";
import { copyFile, mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  bigBuckBunny,
  makeClip,
  programs,
  simpleClip,
  temporaryFolder,
  testInputs,
} from "../../testing/clips.ts";
import { admit, type AdmittedSource, problemsOf } from "./admit.ts";
import type { EncoderError } from "../errors.ts";
import { parseExtent } from "./extent.ts";
import { jsonFields } from "../json-fields.ts";
import type { PictureSize } from "../plan/ladder.ts";
import type { Orientation } from "./orientation.ts";
import { parseSource, probe } from "./probe.ts";
import { displaySize } from "./video-stream.ts";

async function read(path: string): Promise<AdmittedSource> {
  const ffprobe = (await programs()).ffprobe.path;
  return admit(ffprobe, await probe(ffprobe, path));
}

/** The code that a file is refused with; an admitted one answers none. */
async function codeOf(path: string): Promise<string | undefined> {
  return read(path).then(
    () => undefined,
    (error: EncoderError) => error.code,
  );
}

describe("what is no film is refused by a stable code", () => {
  test("a path without a file, a folder, a pipe", async () => {
    const folder = await temporaryFolder();
    expect(await codeOf(join(folder, "nowhere.mp4"))).toBe("file_not_found");
    expect(await codeOf(join(folder, "nowhere.mp4", "below.mp4"))).toBe("file_not_found");
    expect(await codeOf(folder)).toBe("not_a_file");
    const pipe = join(folder, "pipe.mp4");
    execFileSync("mkfifo", [pipe]);
    expect(await codeOf(pipe)).toBe("not_a_file");
  });

  test.each([
    ["empty_file", "empty.mp4", ""],
    ["not_media", "text.mp4", "This is no film.\n"],
    ["not_media", "text.txt", "This is no film.\n"],
    [
      "not_media",
      "noise.mp4",
      Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919 + 13) % 251)),
    ],
    [
      "format_not_allowed",
      "hls.mp4",
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/hostname\n#EXT-X-ENDLIST\n",
    ],
    ["format_not_allowed", "concat.mp4", "ffconcat version 1.0\nfile /etc/hostname\n"],
    [
      "format_not_allowed",
      "dash.mp4",
      '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>\n',
    ],
    ["format_not_allowed", "session.mp4", "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n"],
  ])("%s: %s", async (code, name, content) => {
    const path = join(await temporaryFolder(), name);
    await writeFile(path, content);
    expect(await codeOf(path)).toBe(code);
  });

  test("sound alone, and sound with a cover picture", async () => {
    const folder = await temporaryFolder();
    const audio = await makeClip(join(folder, "audio.mp4"), "-f lavfi -i sine=duration=1 -c:a aac");
    expect(await codeOf(audio)).toBe("no_video");
    const cover = await makeClip(
      join(folder, "cover.mp4"),
      ["-i", audio, "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=1:duration=1", "-map", "0", "-map", "1"],
      "-c:a copy -c:v mjpeg -frames:v 1 -disposition:v attached_pic",
    );
    expect(await codeOf(cover)).toBe("no_video");
  });

  test("a picture", async () => {
    const picture = await makeClip(
      join(await temporaryFolder(), "picture.png"),
      testInputs({}, []),
      "-frames:v 1",
    );
    expect(await codeOf(picture)).toBe("format_not_allowed");
  });
});

describe("a film that was cut is refused before anything is decoded", () => {
  test("without its index", async () => {
    const path = join(await temporaryFolder(), "cut.mp4");
    await copyFile(bigBuckBunny(), path);
    await truncate(path, 5_000_000);
    expect(await codeOf(path)).toBe("truncated");
  });

  test.each(["mp4", "mkv"])("with its index in front (%s)", async (extension) => {
    const folder = await temporaryFolder();
    const whole = await makeClip(
      join(folder, `whole.${extension}`),
      testInputs({ seconds: 6 }),
      "-c:v libx264 -c:a aac -movflags +faststart",
    );
    expect(await codeOf(whole)).toBeUndefined();
    await truncate(whole, Math.round((await readFile(whole)).length * 0.6));
    expect(await codeOf(whole)).toBe("truncated");
  });
});

describe("limits", () => {
  const facts = { path: "/x.mp4", sizeBytes: 1, modifiedMs: 0 };
  const video = {
    codec_type: "video",
    codec_name: "h264",
    width: 1920,
    height: 1080,
    avg_frame_rate: "24/1",
    r_frame_rate: "24/1",
  };
  const dolbyVision = (profile: number, baseLayer: number) => ({
    ...video,
    side_data_list: [{ dv_profile: profile, dv_bl_signal_compatibility_id: baseLayer }],
  });
  const codes = (streams: object[], duration = "60"): string[] =>
    problemsOf(parseSource(jsonFields({ format: { format_name: "mov,mp4", duration }, streams }), facts)).map(
      ({ code }) => code,
    );

  test.each([
    ["an ordinary film", [], [video], "60"],
    ["16384 x 16384 pixels", ["too_many_pixels"], [{ ...video, width: 16384, height: 16384 }], "60"],
    ["8 x 8 pixels", ["too_small"], [{ ...video, width: 8, height: 8 }], "60"],
    ["10^6 hours", ["too_long"], [video], "3600000000"],
    ["1000 streams", ["too_many_streams"], Array.from({ length: 1000 }, () => video), "60"],
    [
      "16 channels",
      ["too_many_channels"],
      [video, { codec_type: "audio", codec_name: "pcm_s16le", channels: 16 }],
      "60",
    ],
    ["HDR10", [], [{ ...video, color_transfer: "smpte2084" }], "60"],
    ["HLG", [], [{ ...video, color_transfer: "arib-std-b67" }], "60"],
    ["Dolby Vision without a base layer", ["dolby_vision_not_supported"], [dolbyVision(5, 0)], "60"],
    ["Dolby Vision on HDR10", [], [dolbyVision(8, 1)], "60"],
    ["a codec that nobody knows", ["codec_not_supported"], [{ ...video, codec_name: undefined }], "60"],
  ])("%s", (_, expected, streams, duration) => {
    expect(codes(streams, duration)).toEqual(expected);
  });

  test("hundreds of real streams are refused", async () => {
    const folder = await temporaryFolder();
    const clip = await simpleClip(join(folder, "one.mkv"));
    const many = await makeClip(
      join(folder, "many.mkv"),
      "-i",
      [clip],
      "-c copy",
      Array.from({ length: 70 }, () => ["-map", "0:v"]).flat(),
    );
    expect(await codeOf(many)).toBe("too_many_streams");
  });
});

describe("names are names, never options or addresses", () => {
  test.each(["-y.mp4", "a b,c=d'e\".mp4", "50%d.mp4", "line\nfeed.mp4", "http:x.mp4", "été 映画.mp4"])(
    "%j",
    async (name) => {
      const folder = await temporaryFolder();
      const clip = await simpleClip(join(folder, "clip.mp4"), { seconds: 1 });
      await mkdir(join(folder, "sub"));
      const path = join(folder, "sub", name);
      await copyFile(clip, path);
      expect(await read(path)).toMatchObject({
        container: "mov",
        video: { codec: "h264", width: 320, height: 180 },
      });
    },
  );
});

test.each(["master.mov", "master.mxf"])("the timecode of %s, of its first picture", async (name) => {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  await makeClip(path, testInputs({ rate: "25", seconds: 1 }, []), "-c:v mpeg2video -timecode 10:00:00:00");
  expect((await read(path)).startTimecode).toBe("10:00:00:00");
  expect((await read(await simpleClip(join(folder, "clip.mp4")))).startTimecode).toBeNull();
});

test("the facts of a master are read as they are shown", async () => {
  const source = await read(bigBuckBunny());
  expect(source).toMatchObject({
    container: "mov",
    sizeBytes: 22_718_509,
    durationSeconds: 30,
    videoSeconds: 30,
    warnings: [],
  });
  expect(source.video).toMatchObject({
    codec: "h264",
    displayWidth: 1920,
    displayHeight: 1080,
    variableFrameRate: false,
    fields: null,
  });
  expect(source.audio).toMatchObject([{ codec: "aac", channels: 6, sampleRateHz: 48_000, language: null }]);
});

test.each<[PictureSize, string | undefined, Orientation, PictureSize]>([
  [{ width: 1440, height: 1080 }, "4:3", "upright", { width: 1920, height: 1080 }],
  [{ width: 720, height: 576 }, "64:45", "upright", { width: 1024, height: 576 }],
  [{ width: 1920, height: 1080 }, "1:1", "clockwise", { width: 1080, height: 1920 }],
  [{ width: 1920, height: 1080 }, "0:1", "upside-down", { width: 1920, height: 1080 }],
  [{ width: 1920, height: 1080 }, undefined, "transposed", { width: 1080, height: 1920 }],
])("%o with pixels of %s shown %s is shown as %o", (coded, pixels, rotation, shown) => {
  expect(displaySize(coded, pixels, rotation)).toEqual(shown);
});

test("times count from the start of the file, and a missing duration of a packet is none", () => {
  const csv = "packet,0,10.500000,0.040000\npacket,1,11.000000,N/A\npacket,0,bad,0\nformat,10.000000\n";
  expect(parseExtent(csv, 0)).toEqual({ endSeconds: 1, videoEndSeconds: 0.54 });
});
