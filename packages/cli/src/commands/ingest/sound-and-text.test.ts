import { expect, test } from "vitest";
import { audio } from "./audio-option.ts";
import { burnSubtitle } from "./burn-subtitle-option.ts";
import { loudness } from "./loudness-option.ts";
import { subtitle } from "./subtitle-option.ts";

const beside = (path: string) => `/list/${path}`;

test.each([
  ["fr=dub.wav", { language: "fr", path: "/list/dub.wav" }],
  ["pt-BR=a=b.flac", { language: "pt-BR", path: "/list/a=b.flac" }],
  ["en:commentary=talk.mka#2", { language: "en", role: "commentary", path: "/list/talk.mka", track: 2 }],
  ["en:description=/x/y#z.wav", { language: "en", role: "description", path: "/list//x/y#z.wav" }],
])("--audio %s", async (word, file) => {
  expect(await audio.read([word], "--audio")(beside)).toEqual({ audioFiles: [file] });
});

test.each([
  ["de=film.srt", { language: "de", path: "/list/film.srt" }],
  ["de:forced=c:/film.srt", { language: "de", role: "forced", path: "/list/c:/film.srt" }],
  ["de:sdh=film.ttml", { language: "de", role: "sdh", path: "/list/film.ttml" }],
])("--subtitle %s", async (word, file) => {
  expect(await subtitle.read([word], "--subtitle")(beside)).toEqual({ subtitles: [file] });
});

test.each(["film.wav", "fr=", "=film.wav", "fr:dub=film.wav", "french=film.wav", "fr:commentary"])(
  "--audio %s says how it is written",
  (word) => {
    expect(() => audio.read([word], "--audio")).toThrow(
      "--audio must be a language and a file such as fr=film.fr.wav",
    );
  },
);

test("a role of sound is none of text", () => {
  expect(() => subtitle.read(["en:commentary=x.vtt"], "--subtitle")).toThrow("en:forced=foreign.srt");
});

test("--loudness is a target or off, and the encoder's own where it is not given", async () => {
  const read = async (...words: string[]) => loudness.read(words, "--loudness")(beside);
  expect(await read("-27")).toEqual({ loudness: -27 });
  expect(await read("off")).toEqual({ loudness: "off" });
  expect(await read()).toEqual({});
  await expect(read("-14")).rejects.toThrow("--loudness must be one of -24, -27, off");
});

test("--burn-subtitle is the number of a track or a language", async () => {
  const read = async (word: string) => burnSubtitle.read([word], "--burn-subtitle")(beside);
  expect(await read("2")).toEqual({ burnSubtitle: 2 });
  expect(await read("pt-BR")).toEqual({ burnSubtitle: "pt-BR" });
  await expect(read("film.sup")).rejects.toThrow("--burn-subtitle must be the number of a subtitle track");
});
