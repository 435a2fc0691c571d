import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/clips.ts";
import { type Glance, glanceAt, rankStills, shortlist } from "./poster.ts";
import { judgeStill, type StillQuality } from "./still-quality.ts";

const quality: StillQuality = {
  score: 0.5,
  sharpness: 0.5,
  exposure: 0.5,
  contrast: 0.5,
  colourfulness: 0.5,
  edges: 100,
};
/** Pictures of different scenes, unless they say otherwise. */
const glance = (score: number, scene: number, fault?: StillQuality["fault"]): Glance => ({
  quality: { ...quality, score, ...(fault ? { fault } : {}) },
  grid: Array.from({ length: 144 }, (_, field) => (field * (scene + 1) * 37) % 256),
});

test("candidates are the best of each scene, without the film's edges and without faults", () => {
  const film = Array.from({ length: 40 }, (_, index) => glance(0.5 + index / 1000, index));
  film[0] = glance(0.99, 0);
  film[39] = glance(0.98, 39);
  film[10] = glance(0.97, 10, "black");
  film[20] = glance(0.9, 20);
  film[21] = glance(0.95, 20);
  const chosen = shortlist(film, 10);
  expect(chosen).toHaveLength(10);
  expect(chosen).toContain(21);
  for (const index of [0, 10, 20, 39]) expect(chosen).not.toContain(index);
  for (const fifth of [0, 1, 2, 3, 4]) {
    const taken = chosen.filter((index) => Math.floor((index / 39) * 5) === fifth);
    expect(taken).toHaveLength(2);
  }
  expect(shortlist(film, 10)).toEqual(chosen);
  expect(shortlist(film, 4)).toHaveLength(4);
});

test("where nothing is good, the best there is has to do; where nothing is inside, the edges have to", () => {
  expect(shortlist([glance(0.1, 1, "black"), glance(0.2, 2, "flat"), glance(0.1, 3, "white")], 4)).toEqual([
    1,
  ]);
  expect(shortlist([glance(0.4, 1), glance(0.6, 2)], 4)).toEqual([0, 1]);
  expect(shortlist([glance(0.4, 1)], 4)).toEqual([0]);
  expect(shortlist([], 4)).toEqual([]);
});

test("a full picture that is blurred beside the others drops out; a film that is soft all over keeps its own", () => {
  const still = (score: number, edges: number) => ({ quality: { ...quality, score, edges } });
  const scores = (...stills: ReturnType<typeof still>[]) =>
    rankStills(stills).map(({ quality: { score } }) => score);
  expect(scores(still(0.9, 8), still(0.5, 100), still(0.7, 90), still(0.6, 120))).toEqual([0.7, 0.6, 0.5]);
  expect(scores(still(0.2, 9), still(0.3, 11), still(0.25, 10))).toEqual([0.3, 0.25, 0.2]);
  expect(scores(...Array.from({ length: 10 }, (_, index) => still(index / 10, 100)))).toHaveLength(6);
});

const size = { width: 64, height: 36 };

/** Luma by place, chroma of one colour or of two halves. */
function picture(
  luma: (x: number, y: number) => number,
  chroma: readonly [number, number] = [128, 128],
): Uint8Array {
  const pixels = size.width * size.height;
  const bytes = new Uint8Array((pixels * 3) / 2);
  for (let index = 0; index < pixels; index += 1)
    bytes[index] = luma(index % size.width, Math.floor(index / size.width));
  bytes.fill(chroma[0], pixels, pixels * 1.25);
  bytes.fill(chroma[1], pixels * 1.25);
  return bytes;
}

const stripes = (x: number): number => (x % 8 < 4 ? 40 : 190);
const softStripes = (x: number): number => 115 + 75 * Math.sin((x / 8) * 2 * Math.PI);

test("sharp beats soft, lit beats dark, colourful beats grey", () => {
  const sharp = judgeStill(picture(stripes), size);
  const soft = judgeStill(picture(softStripes), size);
  const dark = judgeStill(
    picture((x) => stripes(x) / 5),
    size,
  );
  const coloured = judgeStill(picture(stripes, [90, 170]), size);
  expect(sharp.edges).toBeGreaterThan(soft.edges * 3);
  expect(sharp.score).toBeGreaterThan(soft.score);
  expect(sharp.exposure).toBeGreaterThan(dark.exposure + 0.3);
  expect(sharp.score).toBeGreaterThan(dark.score);
  expect(coloured.score).toBeGreaterThan(sharp.score);
  expect([sharp, soft, coloured].map(({ fault }) => fault)).toEqual([undefined, undefined, undefined]);
});

test.each([
  ["black", (x: number) => (x === 5 ? 200 : 4)],
  ["white", (x: number) => (x === 5 ? 90 : 250)],
  ["flat", (x: number) => 118 + (x % 3)],
] as const)("a picture that is %s is no poster", (fault, luma) => {
  expect(judgeStill(picture(luma), size)).toMatchObject({ fault });
});

test("raw pictures are read one by one, and half a picture is none", async () => {
  const path = join(await temporaryFolder(), "thumbnails.yuv");
  const [grey, striped] = [picture(() => 118), picture(stripes)];
  await writeFile(path, Buffer.concat([grey, striped, grey, grey.subarray(0, 10)]));
  const glances = await glanceAt(path, size);
  expect(glances.map(({ quality: { fault } }) => fault)).toEqual(["flat", undefined, "flat"]);
});
