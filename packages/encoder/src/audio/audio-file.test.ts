import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeClip, programs, temporaryFolder } from "../../testing/clips.ts";
import { type AudioFile, type AudioFileOption, readAudioFiles } from "./audio-file.ts";

async function read(...options: AudioFileOption[]): Promise<AudioFile[]> {
  return readAudioFiles((await programs()).ffprobe.path, options);
}

const tone = "-f lavfi -i sine=duration=2";

test.each([
  ["x.wav", ""],
  ["x.flac", ""],
  ["x.m4a", "-c:a aac"],
  ["x.mka", "-c:a ac3 -ac 6"],
  ["x.aac", "-c:a aac"],
  ["x.eac3", "-c:a eac3"],
  ["x.aiff", ""],
  ["x.caf", ""],
])("%s is sound", async (name, options) => {
  const path = await makeClip(join(await temporaryFolder(), name), `${tone} ${options}`.trim());
  const [file] = await read({ language: "fre", path });
  expect(file).toMatchObject({
    language: "fr",
    role: "main",
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    warnings: [],
  });
  expect(file?.durationSeconds).toBeCloseTo(2, 0);
});

test("a track of many is chosen by its number; without one the first is, with a word", async () => {
  const inputs = `${tone} -f lavfi -i sine=duration=1`;
  const path = await makeClip(join(await temporaryFolder(), "two.mka"), `${inputs} -map 0 -map 1 -c:a flac`);
  const [second, first] = await read(
    { language: "fr", path, track: 2 },
    { language: "fr", role: "commentary", path },
  );
  expect(second).toMatchObject({ stream: { index: 1 }, warnings: [] });
  expect(first).toMatchObject({
    role: "commentary",
    stream: { index: 0 },
    warnings: [{ code: "audio_track_ignored" }],
  });
  await expect(read({ language: "fr", path, track: 3 })).rejects.toMatchObject({
    code: "audio_file_not_valid",
  });
});

describe("what is no sound is refused by a stable code", () => {
  test("a path without a file, a folder", async () => {
    const folder = await temporaryFolder();
    await expect(read({ language: "fr", path: join(folder, "x.wav") })).rejects.toMatchObject({
      code: "audio_file_not_found",
    });
    await expect(read({ language: "fr", path: folder })).rejects.toMatchObject({
      code: "audio_file_not_valid",
    });
  });

  test.each([
    ["empty.wav", ""],
    ["text.wav", "This is no sound.\n"],
    ["playlist.aac", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/hostname\n#EXT-X-ENDLIST\n"],
    ["concat.wav", "ffconcat version 1.0\nfile /etc/hostname\n"],
  ])("%s", async (name, content) => {
    const path = join(await temporaryFolder(), name);
    await writeFile(path, content);
    await expect(read({ language: "fr", path })).rejects.toMatchObject({ code: "audio_file_not_valid" });
  });

  test("a film without sound, sound of 16 channels, sound that was cut", async () => {
    const folder = await temporaryFolder();
    const silent = await makeClip(
      join(folder, "film.mkv"),
      "-f lavfi -i testsrc2=duration=1 -c:v libx264 -preset ultrafast",
    );
    const many = await makeClip(join(folder, "many.wav"), `${tone} -ac 16`);
    const cut = await makeClip(
      join(folder, "cut.m4a"),
      "-f lavfi -i sine=duration=30 -c:a alac -movflags +faststart",
    );
    await truncate(cut, Math.round((await readFile(cut)).length / 2));
    for (const path of [silent, many, cut]) {
      await expect(read({ language: "fr", path })).rejects.toMatchObject({ code: "audio_file_not_valid" });
    }
  });

  test("the same language and role twice, and a language that is none", async () => {
    const path = await makeClip(join(await temporaryFolder(), "x.wav"), tone);
    await expect(read({ language: "fr", path }, { language: "fra", path })).rejects.toMatchObject({
      code: "audio_duplicate_track",
    });
    await expect(read({ language: "no such tag", path })).rejects.toMatchObject({
      code: "language_not_valid",
    });
  });
});
