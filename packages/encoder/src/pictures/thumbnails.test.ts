import { expect, test } from "vitest";
import { planThumbnails, sheetCount, thumbnailTrack } from "./thumbnails.ts";

const rate = { num: 24, den: 1 };

test("a film of two hours gets a thumbnail every ten seconds, a trailer every two seconds", () => {
  const shown = { width: 1920, height: 800 };
  expect(planThumbnails(shown, 7200, rate)).toMatchObject({
    everyFrames: 240,
    everySeconds: 10,
    width: 320,
    height: 134,
  });
  expect(planThumbnails(shown, 30, rate)).toMatchObject({ everyFrames: 48, everySeconds: 2 });
  expect(planThumbnails({ width: 1080, height: 1920 }, 30, rate)).toMatchObject({ width: 102, height: 180 });
});

test("the track leads through the tiles of a sheet, row by row, and on to the next", () => {
  const plan = planThumbnails({ width: 640, height: 360 }, 30, rate);
  const lines = thumbnailTrack(plan, 27).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "WEBVTT",
    "",
    "00:00:00.000 --> 00:00:02.000",
    "sheet-1.jpg#xywh=0,0,320,180",
  ]);
  expect(lines).toContain("sheet-1.jpg#xywh=1280,720,320,180");
  expect(lines.at(-2)).toBe("sheet-2.jpg#xywh=320,0,320,180");
  expect(sheetCount(plan, 27 * 48)).toBe(2);
});
