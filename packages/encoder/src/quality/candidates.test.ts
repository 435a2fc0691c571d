import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidate, candidatesOf } from "./candidates.ts";

const size = { width: 1280, height: 720 };
/** As measured: the rate falls by a constant factor, the score ever faster. */
const probes: Candidate[] = [
  { ...size, crf: 22, kbps: 2692, score: 85.8 },
  { ...size, crf: 30, kbps: 900, score: 71.6 },
  { ...size, crf: 38, kbps: 306, score: 45.3 },
];

test("between the probed CRFs, rate and score are those that an encode was measured to have", () => {
  const found = candidatesOf([{ weight: 1, probes }]);
  expect(found).toHaveLength(33);
  for (const [crf, kbps, score] of [
    [26, 1537, 80.1],
    [34, 531, 59.7],
  ] as const) {
    const candidate = found.find((point) => point.crf === crf);
    expect(Math.abs((candidate?.kbps ?? 0) / kbps - 1)).toBeLessThan(0.03);
    expect(Math.abs((candidate?.score ?? 0) - score)).toBeLessThan(1);
  }
});

test("a sample counts by the time that it stands for", () => {
  const still = probes.map((probe) => ({ ...probe, kbps: 100, score: 97 }));
  const found = candidatesOf([
    { weight: 0.25, probes },
    { weight: 0.75, probes: still },
  ]);
  expect(found.find(({ crf }) => crf === 22)).toMatchObject({
    kbps: expect.closeTo(0.25 * 2692 + 0.75 * 100),
    score: expect.closeTo(0.25 * 85.8 + 0.75 * 97),
  });
});

test("a higher CRF never costs more, nor gives more, where it did not in any sample", () => {
  const falling = fc.tuple(
    fc.double({ min: 0.1, max: 1, noNaN: true }),
    fc.double({ min: 0.5, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(falling, falling), { minLength: 1, maxLength: 5 }), (samples) => {
      const found = candidatesOf(
        samples.map(([[rate, score], [rate2, score2]]) => ({
          weight: 1 / samples.length,
          probes: [
            { ...size, crf: 22, kbps: 3000, score: 95 },
            { ...size, crf: 30, kbps: 3000 * rate, score: 95 * score },
            { ...size, crf: 38, kbps: 3000 * rate * rate2, score: 95 * score * score2 },
          ],
        })),
      );
      for (const [index, { kbps, score }] of found.entries()) {
        expect(kbps).toBeLessThanOrEqual((found[index - 1]?.kbps ?? kbps) + 1e-6);
        expect(score).toBeLessThanOrEqual((found[index - 1]?.score ?? score) + 1e-6);
      }
    }),
  );
});

test("samples that were probed in different ways do not add up", () => {
  expect(() =>
    candidatesOf([
      { weight: 0.5, probes },
      { weight: 0.5, probes: probes.slice(1) },
    ]),
  ).toThrow("was not probed at 1280x720 with CRF 22");
});
