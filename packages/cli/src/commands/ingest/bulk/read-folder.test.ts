import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFolder } from "./read-folder.ts";

async function folderOf(...names: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "flix-folder-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), "");
  }
  return folder;
}

test("each film of a folder is a title, with the sidecars that have its name", async () => {
  const folder = await folderOf(
    "Film (2008).mkv",
    "Film (2008).fr.srt",
    "Film (2008).fr.forced.SRT",
    "Film (2008).de.wav",
    "Film (2008).en.commentary.flac",
    "Film.mkv",
    "Film.2.mkv",
    "Film.2.de.vtt",
    "Film (2008).Klingon!.srt",
    "Flim (2008).en.srt",
    "Show/Season 2/S02E10.mp4",
    "Show/Season 2/S02E9.mp4",
    ".hidden/Secret.mkv",
    "notes.txt",
  );
  const { entries, leftOver } = await readFolder(folder, { publish: true });
  expect(entries.map(({ name, place }) => [name, place])).toEqual([
    ["Film", "Film (2008).mkv"],
    ["Film 2", "Film.2.mkv"],
    ["Film", "Film.mkv"],
    ["Show S02E09 Episode 9", "Show/Season 2/S02E9.mp4"],
    ["Show S02E10 Episode 10", "Show/Season 2/S02E10.mp4"],
  ]);
  const subtitles = entries.map(({ encode }) => encode.subtitles ?? []);
  expect(subtitles).toEqual([
    [
      { language: "fr", role: "forced", path: join(folder, "Film (2008).fr.forced.SRT") },
      { language: "fr", path: join(folder, "Film (2008).fr.srt") },
    ],
    [{ language: "de", path: join(folder, "Film.2.de.vtt") }],
    [],
    [],
    [],
  ]);
  expect(entries[0]?.encode.audioFiles).toMatchObject([
    { language: "de", path: join(folder, "Film (2008).de.wav") },
    { language: "en", role: "commentary" },
  ]);
  expect(entries.every(({ publish }) => publish)).toBe(true);
  expect(leftOver).toEqual(
    ["Film (2008).Klingon!.srt", "Flim (2008).en.srt"].map((name) => join(folder, name)),
  );
});

test("two files of one title by their names are an error, and so is a folder without a film", async () => {
  const twice = await folderOf("Film (2008).mkv", "old/Film (2008).mov");
  await expect(readFolder(twice, {})).rejects.toMatchObject({
    code: "same_title_twice",
    errors: [{ pointer: "old/Film (2008).mov", message: "is Film, as Film (2008).mkv is" }],
  });
  await expect(readFolder(await folderOf("notes.txt"), {})).rejects.toMatchObject({ code: "no_films" });
  await expect(readFolder(join(twice, "gone"), {})).rejects.toMatchObject({ code: "folder_not_readable" });
});
