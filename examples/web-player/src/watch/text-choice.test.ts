import { expect, test } from "vitest";
import type { Tracks } from "./engine.ts";
import { chosenText, textChoices, textWhenOff } from "./text-choice.ts";

const tracks: Tracks = {
  audio: [
    { id: "a-en", language: "en", role: "main" },
    { id: "a-fr", language: "fr", role: "main" },
  ],
  audioId: "a-en",
  text: [
    { id: "t-en", language: "en", role: "main" },
    { id: "t-en-forced", language: "en", role: "forced" },
    { id: "t-fr", language: "fr", role: "main" },
  ],
  textId: undefined,
  heights: [],
};

test("Forced text is no choice, and shows while subtitles are off, in the language of the sound", () => {
  expect(textChoices(tracks).map(({ id }) => id)).toEqual(["t-en", "t-fr"]);
  expect(textWhenOff(tracks)?.id).toBe("t-en-forced");
  expect(textWhenOff({ ...tracks, audioId: "a-fr" })).toBeUndefined();
  expect(textWhenOff({ ...tracks, audioId: undefined })).toBeUndefined();
});

test("Subtitles are off while forced text shows", () => {
  expect(chosenText({ ...tracks, textId: "t-en-forced" })).toBeUndefined();
  expect(chosenText({ ...tracks, textId: "t-fr" })?.id).toBe("t-fr");
});
