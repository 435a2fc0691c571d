import { expect, test } from "vitest";
import type { AudioStream } from "../source/tracks.ts";
import type { AudioFile } from "./audio-file.ts";
import { planAudio } from "./plan-audio.ts";

const track = (index: number, of: Partial<AudioStream> = {}): AudioStream => ({
  index,
  codec: "pcm_s16le",
  channels: 2,
  sampleRateHz: 48_000,
  language: "en",
  isDefault: false,
  role: "main",
  durationSeconds: 60,
  bitrateBps: null,
  ...of,
});
const file = (of: Partial<AudioFile> = {}): AudioFile => ({
  path: "/films/fr.wav",
  sizeBytes: 1,
  modifiedMs: 0,
  sha256: "f".repeat(64),
  language: "fr",
  role: "main",
  stream: track(0),
  durationSeconds: 60,
  warnings: [],
  ...of,
});
const plan = (tracks: AudioStream[], files: AudioFile[] = [], language?: string) =>
  planAudio({ tracks, files, language, filmSeconds: 60 });
const ids = (...of: Parameters<typeof plan>) => plan(...of).renditions.map(({ id }) => id);

test("every language and role has stereo, and 5.1 where its source does; the film's own language comes first, its commentary last", () => {
  const tracks = [
    track(1, { language: "de" }),
    track(2, { channels: 8, isDefault: true }),
    track(3, { role: "commentary", isDefault: true }),
    track(4, { role: "description", channels: 6 }),
    track(5, { language: "pt-BR", channels: 1 }),
  ];
  expect(ids(tracks)).toEqual([
    "audio-en",
    "audio-en-51",
    "audio-de",
    "audio-pt-br",
    "audio-en-commentary",
    "audio-en-description",
    "audio-en-description-51",
  ]);
});

test("a second track of a kind is left out with a word, the default one before others", () => {
  const { renditions, warnings } = plan([track(1), track(2, { isDefault: true })]);
  expect(renditions).toMatchObject([{ id: "audio-en", streamIndex: 2 }]);
  expect(warnings).toMatchObject([
    { code: "audio_track_ignored", message: expect.stringContaining("track 1 (en)") },
  ]);
});

test("a file takes the place of the master's track of its kind, and stands beside all others", () => {
  const { renditions, warnings } = plan([track(1), track(2, { language: "fr" })], [file()]);
  expect(renditions).toMatchObject([
    { id: "audio-en", source: "master", streamIndex: 1 },
    { id: "audio-fr", source: "f".repeat(64), streamIndex: 0 },
  ]);
  expect(warnings).toMatchObject([
    { code: "audio_track_ignored", message: expect.stringContaining("fr.wav is that") },
  ]);
});

test("a track without a language is in the one that was named, or in none", () => {
  expect(ids([track(1, { language: null })], [], "deu")).toEqual(["audio-de"]);
  expect(ids([track(1, { language: null })])).toEqual(["audio-und"]);
});

test.each([
  [59.5, undefined],
  [64, undefined],
  [50, "audio_file_shorter"],
  [66, "audio_file_longer"],
])("a file of %s s beside a film of 60: %s", (durationSeconds, code) => {
  expect(plan([], [file({ durationSeconds })]).warnings.map((warning) => warning.code)).toEqual(
    code ? [code] : [],
  );
});
