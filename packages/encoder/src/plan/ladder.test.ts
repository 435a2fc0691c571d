import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PictureSize, planLadder } from "./ladder.ts";

const side = fc.integer({ min: 16, max: 8192 });
const sources = fc.record({ width: side, height: side });
const rates = fc.constantFrom(23.976, 24, 25, 30, 50, 60);

const area = ({ width, height }: PictureSize): number => width * height;

describe("the fixed ladder", () => {
  test("never enlarges, has even sides, and falls in size and rate", () => {
    fc.assert(
      fc.property(sources, rates, (source, rate) => {
        const rungs = planLadder(source, rate);
        expect(rungs.length).toBeGreaterThan(0);
        for (const [index, rung] of rungs.entries()) {
          expect([rung.width % 2, rung.height % 2]).toEqual([0, 0]);
          expect(rung.width).toBeLessThanOrEqual(source.width);
          expect(rung.height).toBeLessThanOrEqual(source.height);
          const above = rungs[index - 1];
          if (!above) continue;
          expect(area(rung)).toBeLessThan(area(above));
          expect(rung.maxrateKbps).toBeLessThan(above.maxrateKbps);
        }
      }),
    );
  });

  test("keeps the aspect ratio to the rounding of an even side", () => {
    fc.assert(
      fc.property(sources, (source) => {
        for (const { width, height } of planLadder(source, 24)) {
          const scale = Math.max(width / source.width, height / source.height);
          expect(Math.abs(width - source.width * scale)).toBeLessThanOrEqual(
            2 + 2 * (source.width / source.height),
          );
          expect(Math.abs(height - source.height * scale)).toBeLessThanOrEqual(
            2 + 2 * (source.height / source.width),
          );
        }
      }),
    );
  });

  test("gives each rung a name of its own, and turns with the picture", () => {
    fc.assert(
      fc.property(sources, (source) => {
        const rungs = planLadder(source, 24);
        expect(new Set(rungs.map(({ name }) => name)).size).toBe(rungs.length);
        const turned = planLadder({ width: source.height, height: source.width }, 24);
        expect(turned.map(({ width, height }) => [height, width])).toEqual(
          rungs.map(({ width, height }) => [width, height]),
        );
      }),
    );
  });

  test.each([
    [{ width: 1920, height: 1080 }, ["1920x1080", "1280x720", "960x540", "768x432", "640x360", "416x234"]],
    [
      { width: 3840, height: 2160 },
      ["3840x2160", "2560x1440", "1920x1080", "1280x720", "960x540", "768x432", "640x360", "416x234"],
    ],
    [{ width: 1920, height: 800 }, ["1920x800", "1280x534", "960x400", "768x320", "640x266", "416x174"]],
    [{ width: 640, height: 480 }, ["640x480", "480x360", "312x234"]],
    [{ width: 639, height: 359 }, ["638x358", "416x234"]],
    [{ width: 160, height: 90 }, ["160x90"]],
  ])("for %o", (source, sizes) => {
    expect(planLadder(source, 24).map(({ width, height }) => `${width}x${height}`)).toEqual(sizes);
  });

  test("calls a wide film by its 16:9 frame", () => {
    expect(planLadder({ width: 1920, height: 800 }, 24)[0]?.name).toBe("1080p");
  });

  test("spends more on twice the frames", () => {
    const [slow, fast] = [24, 60].map(
      (rate) => planLadder({ width: 1280, height: 720 }, rate)[0]?.maxrateKbps ?? 0,
    );
    expect(fast).toBeGreaterThan(slow ?? 0);
  });
});

test("two rates for one size are two rungs, whatever the size of the source", () => {
  const ladder = [
    { width: 1920, height: 1080, maxrateKbps: 6000, crf: 22 },
    { width: 1920, height: 1080, maxrateKbps: 3000, crf: 27 },
    { width: 1280, height: 720, maxrateKbps: 1500, crf: 26 },
  ];
  expect(planLadder({ width: 1920, height: 800 }, 24, ladder).map(({ name, crf }) => [name, crf])).toEqual([
    ["1080p", 22],
    ["1080p-2", 27],
    ["720p", 26],
  ]);
  expect(planLadder({ width: 1280, height: 720 }, 24, ladder)).toHaveLength(1);
});
