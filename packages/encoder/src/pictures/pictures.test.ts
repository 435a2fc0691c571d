import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/clips.ts";
import { bestPicture, choosePoster } from "./poster.ts";
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

test("a poster is neither dark, nor flat, nor of the titles, where there is better", () => {
  const good = { mean: 110, deviation: 50 };
  const dark = { mean: 8, deviation: 50 };
  const flat = { mean: 118, deviation: 2 };
  expect(bestPicture([flat, dark, good, flat])).toBe(2);
  expect(bestPicture([good, flat, good, flat, good])).toBe(2);
  expect(bestPicture([flat])).toBe(0);
  expect(bestPicture([])).toBe(0);
});

test("raw pictures are read one by one, and half a picture is none", async () => {
  const [width, height] = [16, 8];
  const bytes = (width * height * 3) / 2;
  const grey = Buffer.alloc(bytes, 118);
  const striped = Buffer.from(Array.from({ length: bytes }, (_, index) => (index % 2 ? 200 : 30)));
  const path = join(await temporaryFolder(), "thumbnails.yuv");
  await writeFile(path, Buffer.concat([grey, striped, grey, grey.subarray(0, 10)]));
  const choice = await choosePoster(path, { width, height });
  expect(choice).toMatchObject({ index: 1, pictures: 3 });
  expect(choice.contrast).toBeCloseTo(85, 0);
});
