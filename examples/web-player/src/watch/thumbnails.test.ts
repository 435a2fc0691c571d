import { expect, test } from "vitest";
import { parseThumbnails, thumbnailAt } from "./thumbnails.ts";

const track = `WEBVTT

00:00:00.000 --> 00:00:01.000
sheet-1.jpg#xywh=0,0,320,180

tile 2
00:01.000 --> 00:02.500 align:center
sheet-1.jpg#xywh=pixel:320,0,320,180

01:00:00.000 --> 01:00:10.000
sheet-2.jpg#xywh=0,180,320,180
`;
const url = "https://flix.example/media/grant/thumbnails/index.vtt";

test("Tiles are read with their sheets resolved against the track", () => {
  const thumbnails = parseThumbnails(track.replaceAll("\n", "\r\n"), url);
  expect(thumbnails).toEqual(parseThumbnails(track, url));
  expect(thumbnails.map(({ startSeconds, endSeconds, x, y }) => [startSeconds, endSeconds, x, y])).toEqual([
    [0, 1, 0, 0],
    [1, 2.5, 320, 0],
    [3600, 3610, 0, 180],
  ]);
  expect(thumbnails[2]?.url).toBe("https://flix.example/media/grant/thumbnails/sheet-2.jpg");
});

test("The picture at a time is the last that has begun", () => {
  const thumbnails = parseThumbnails(track, url);
  expect(
    [-1, 0, 0.99, 1, 1_000, 3_600, 9_999].map((at) => thumbnailAt(thumbnails, at)?.startSeconds),
  ).toEqual([0, 0, 0, 1, 1, 3_600, 3_600]);
  expect(thumbnailAt([], 1)).toBeUndefined();
});

test("Cues that are no tiles are left out", () => {
  const odd =
    "WEBVTT\n\nNOTE a comment\n\n00:00.000 --> 00:01.000\nA line of text\n\n00:xx --> 00:02.000\na.jpg#xywh=0,0,1,1\n";
  expect(parseThumbnails(odd, url)).toEqual([]);
  expect(parseThumbnails("", url)).toEqual([]);
});
