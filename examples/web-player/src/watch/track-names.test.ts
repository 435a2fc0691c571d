import { expect, test } from "vitest";
import type { Track } from "./engine.ts";
import { trackNames, trackOfLanguage } from "./track-names.ts";

type Named = Omit<Track, "role"> & Partial<Pick<Track, "role">>;
const withRoles = (tracks: Named[]): Track[] => tracks.map((track) => ({ role: "main", ...track }));
const names = (tracks: Named[], language = "en") => [...trackNames(withRoles(tracks), language).values()];

test("Tracks are called by their language, in the viewer's", () => {
  const tracks = [
    { id: "1", language: "de" },
    { id: "2", language: "pt-BR" },
    { id: "3", language: "und" },
  ];
  expect(names(tracks)).toEqual(["German", "Brazilian Portuguese", "Original"]);
  expect(names(tracks, "de")[0]).toBe("Deutsch");
});

test("Channels stand beside a language only where it comes twice", () => {
  const tracks = [
    { id: "1", language: "en", channels: 2 },
    { id: "2", language: "en", channels: 6 },
    { id: "3", language: "fr", channels: 2 },
  ];
  expect(names(tracks)).toEqual(["English stereo", "English 5.1", "French"]);
});

test("What a track is for stands behind its language", () => {
  const tracks: Named[] = [
    { id: "1", language: "en", channels: 2 },
    { id: "2", language: "en", channels: 6 },
    { id: "3", language: "en", channels: 2, role: "commentary" },
    { id: "4", language: "en", channels: 2, role: "description" },
    { id: "5", language: "fr", role: "sdh" },
  ];
  expect(names(tracks)).toEqual([
    "English stereo",
    "English 5.1",
    "English (commentary)",
    "English (audio description)",
    "French (SDH)",
  ]);
});

test("What is no language tag is shown as it is", () => {
  expect(names([{ id: "1", language: "Director's comments" }])).toEqual(["Director's comments"]);
});

test("A wanted language is met by itself first, then by its base language, else not at all", () => {
  const tracks = withRoles([
    { id: "1", language: "pt-BR" },
    { id: "2", language: "pt" },
    { id: "0", language: "en", role: "commentary" },
    { id: "3", language: "en-US" },
  ]);
  expect(trackOfLanguage(tracks, "pt")?.id).toBe("2");
  expect(trackOfLanguage(tracks, "en")?.id).toBe("3");
  expect(trackOfLanguage(tracks, "fr")).toBeUndefined();
  expect(trackOfLanguage(tracks, undefined)).toBeUndefined();
});

test("The wanted role comes first, the main track else, and never another role", () => {
  const tracks = withRoles([
    { id: "1", language: "en", role: "forced" },
    { id: "2", language: "en" },
    { id: "3", language: "en", role: "sdh" },
    { id: "4", language: "fr" },
    { id: "5", language: "de", role: "forced" },
  ]);
  expect(trackOfLanguage(tracks, "en")?.id).toBe("2");
  expect(trackOfLanguage(tracks, "en", "sdh")?.id).toBe("3");
  expect(trackOfLanguage(tracks, "fr", "sdh")?.id).toBe("4");
  expect(trackOfLanguage(tracks, "de")).toBeUndefined();
});
