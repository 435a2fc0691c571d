import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder } from "../../testing/clips.ts";
import { measureSync, syncInputs } from "../../testing/sync.ts";
import { encode } from "../pipeline.ts";
import type { EncodeOptions } from "../prepare.ts";

const coding = "-c:v libx264 -preset ultrafast -bf 2 -x264-params keyint=48";

async function offsetsOf(input: string, options: Partial<EncodeOptions> = {}): Promise<number[]> {
  const workDir = join(await temporaryFolder(), "work");
  const { folder } = await encode({
    input,
    workDir,
    preset: "veryfast",
    programs: await programs(),
    ...options,
  });
  return measureSync(folder, "video-180p", options.audioFiles ? "audio-fr" : "audio-und");
}

/** A flash and a beep every two seconds, and none of them far from the other. */
function expectTogether(offsets: readonly number[]): void {
  expect(offsets).toHaveLength(2);
  for (const offset of offsets) expect(Math.abs(offset)).toBeLessThan(0.02);
}

test.each([
  ["AAC in MP4, with edit lists for both", "film.mp4", syncInputs(), `${coding} -c:a aac`],
  [
    "44.1 kHz, after pictures that start 23 ms late",
    "film.mkv",
    syncInputs(),
    `${coding} -c:a aac -ar 44100`,
  ],
  ["sound that starts late", "film.mkv", syncInputs({ lateSound: 0.7 }), `${coding} -c:a pcm_s16le`],
  [
    "a transport stream that starts at 10 s",
    "film.ts",
    syncInputs({ offsetSeconds: 10 }),
    `${coding} -c:a aac`,
  ],
  ["one whose pictures start late", "film.ts", syncInputs({ latePicture: 0.5 }), `${coding} -c:a mp2`],
])("%s: picture and sound are together in the package", async (_, name, inputs, options) => {
  const input = await makeClip(join(await temporaryFolder(), name), inputs, options);
  expectTogether(await offsetsOf(input));
});

test("sound with a hole in it does not move after the hole", async () => {
  const folder = await temporaryFolder();
  const whole = await makeClip(join(folder, "whole.mkv"), syncInputs(), `${coding} -c:a pcm_s16le`);
  const lost = "-c copy -bsf:a noise=drop=gt(pts\\,1500)*lt(pts\\,1700)";
  const input = await makeClip(join(folder, "holed.mkv"), ["-i", whole], lost);
  expectTogether(await offsetsOf(input));
});

test("stereo and 5.1 of every language are together with the picture, in both manifests", async () => {
  const folder = await temporaryFolder();
  const surround = syncInputs({ channels: 6 });
  const input = await makeClip(join(folder, "film.mkv"), surround, `${coding} -c:a ac3`);
  const path = await makeClip(join(folder, "fr.flac"), surround, "-map 1 -c:a flac");
  const audioFiles = [{ language: "fr", path }];
  const workDir = join(folder, "work");
  const options = { language: "en", preset: "ultrafast", programs: await programs() } as const;
  const { folder: packaged } = await encode({ input, workDir, audioFiles, ...options });
  for (const audio of ["audio-en", "audio-en-51", "audio-fr", "audio-fr-51"])
    for (const protocol of ["hls", "dash"] as const)
      expectTogether(await measureSync(packaged, "video-180p", audio, protocol));
});

test("a file beside the master begins with the film", async () => {
  const folder = await temporaryFolder();
  const input = await makeClip(
    join(folder, "film.ts"),
    syncInputs({ offsetSeconds: 5 }),
    `${coding} -c:a aac`,
  );
  const path = await makeClip(join(folder, "fr.m4a"), ["-i", input], "-vn -c:a aac");
  expectTogether(await offsetsOf(input, { audioFiles: [{ language: "fr", path }] }));
});
