import { expect, test } from "vitest";
import { sourceAccess } from "../source/remote/source-access.ts";
import type { SubtitleStream } from "../source/tracks.ts";
import type { VideoRendition } from "../plan/video-rendition.ts";
import { burnedHere } from "./burned-here.ts";
import { planBurn } from "./burned-subtitle.ts";
import { placeCanvas } from "./canvas.ts";

const rung: VideoRendition = {
  id: "video-1080p",
  codec: "h264",
  dynamicRange: "sdr",
  encoder: "libx264",
  preset: "fast",
  crf: 21,
  width: 1920,
  height: 1080,
  maxrateKbps: 6000,
};
const subtitles: SubtitleStream[] = [
  { index: 2, codec: "hdmv_pgs_subtitle", language: "en", role: "main" },
  { index: 3, codec: "subrip", language: "fr", role: "main" },
  { index: 4, codec: "dvd_subtitle", language: "de", role: "main" },
  { index: 5, codec: "hdmv_pgs_subtitle", language: "de", role: "forced" },
  { index: 6, codec: "subrip", language: "en", role: "sdh" },
  { index: 7, codec: "dvb_subtitle", language: null, role: "main" },
];
const film = { subtitles, video: [rung] };

test("a track is named by its number, or by its language where one track of pictures has it", () => {
  const size = { width: 1920, height: 1080 };
  expect(planBurn({ burnSubtitle: 4 }, film)).toEqual({ streamIndex: 4, language: "de", size });
  expect(planBurn({ burnSubtitle: "eng" }, film)).toEqual({ streamIndex: 2, language: "en", size });
  expect(planBurn({ burnSubtitle: 7 }, { ...film, language: "FRE" })).toMatchObject({ language: "fr" });
  expect(planBurn({}, film)).toBeUndefined();
});

test.each([
  [
    "a number that is none's",
    9,
    "subtitle_track_not_found",
    "2 (en, hdmv_pgs_subtitle); 4 (de, dvd_subtitle); 5 (de, forced",
  ],
  ["a language of several", "de", "subtitle_track_not_found", "by its number"],
  ["a language of none", "es", "subtitle_track_not_found", "7 (language not said, dvb_subtitle)"],
  ["no language", "film.sup", "subtitle_track_not_found", "by its number"],
  ["text", 3, "subtitle_track_is_text", "WebVTT"],
  ["a language that is text only", "fr", "subtitle_track_is_text", "WebVTT"],
])("%s is refused, and what to do is told", (_, burnSubtitle, code, hint) => {
  expect(() => planBurn({ burnSubtitle }, film)).toThrow(
    expect.objectContaining({ code, hint: expect.stringContaining(hint) }),
  );
});

test("a master without pictures of text has nothing to burn in", () => {
  expect(() => planBurn({ burnSubtitle: 2 }, { ...film, subtitles: [] })).toThrow(
    expect.objectContaining({
      code: "subtitle_track_not_found",
      hint: expect.stringContaining("no track of pictures"),
    }),
  );
});

test("HDR renditions are refused, not drawn over with a white that dazzles", () => {
  const video: VideoRendition[] = [rung, { ...rung, codec: "hevc", dynamicRange: "pq" }];
  expect(() => planBurn({ burnSubtitle: 2 }, { ...film, video })).toThrow(
    expect.objectContaining({ code: "burn_not_in_hdr", hint: expect.stringContaining("--hdr") }),
  );
});

test("with a broker the film is encoded here, and why is told", () => {
  const fanOut = { url: "amqp://broker", store: "/store", access: sourceAccess({}) };
  const burnedSubtitle = planBurn({ burnSubtitle: 2 }, film);
  expect(burnedHere(burnedSubtitle, fanOut)).toMatchObject({
    fanOut: undefined,
    warnings: [{ code: "burned_here" }],
  });
  expect(burnedHere(undefined, fanOut)).toEqual({ fanOut, warnings: [] });
});

test.each([
  ["a Blu-ray's on its own picture", [1920, 1080], [1920, 1080], [1280, 720], "scale=1280:720"],
  ["a Blu-ray's on the picture without bars", [1920, 1080], [1920, 800], [1920, 800], "scale=1920:1080"],
  ["a Blu-ray's on UHD", [1920, 1080], [3840, 2160], [3840, 2160], "scale=3840:2160"],
  ["a DVD's on its own picture", [720, 576], [720, 576], [1024, 576], "scale=1024:576"],
  ["a wide DVD's on a scope picture", [720, 480], [720, 304], [720, 304], "scale=720:405"],
  ["a DVD's of 4:3 on a picture without sides", [720, 480], [640, 480], [640, 480], "scale=640:480"],
  ["one that covers less of a tall picture", [1920, 1080], [1080, 1920], [1080, 1920], "scale=1080:608"],
])("a canvas keeps its shape: %s", (_, canvas, coded, picture, scale) => {
  const size = ([width = 0, height = 0]: number[]) => ({ width, height });
  const filters = placeCanvas({ canvas: size(canvas), coded: size(coded), picture: size(picture) });
  expect(filters).toMatch(new RegExp(`^${scale}:`));
});

test("a track that does not say its canvas means the whole picture", () => {
  const picture = { width: 1280, height: 720 };
  expect(placeCanvas({ canvas: null, coded: picture, picture })).toBe("scale=1280:720:flags=bicubic");
});
