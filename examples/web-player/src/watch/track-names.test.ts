import { expect, test } from "vitest";
import { trackNames, trackOfLanguage } from "./track-names.ts";

const names = (tracks: Parameters<typeof trackNames>[0], language = "en") => [
  ...trackNames(tracks, language).values(),
];

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

test("What is no language tag is shown as it is", () => {
  expect(names([{ id: "1", language: "Director's comments" }])).toEqual(["Director's comments"]);
});

test("A wanted language is met by itself first, then by its base language, else not at all", () => {
  const tracks = [
    { id: "1", language: "pt-BR" },
    { id: "2", language: "pt" },
    { id: "3", language: "en-US" },
  ];
  expect(trackOfLanguage(tracks, "pt")?.id).toBe("2");
  expect(trackOfLanguage(tracks, "en")?.id).toBe("3");
  expect(trackOfLanguage(tracks, "fr")).toBeUndefined();
  expect(trackOfLanguage(tracks, undefined)).toBeUndefined();
});
