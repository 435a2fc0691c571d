import fc from "fast-check";
import { expect, test } from "vitest";
import { createProgressMeter, type Progress, stages } from "./progress.ts";

function record(
  run: (meter: ReturnType<typeof createProgressMeter>, tick: (ms: number) => void) => void,
): Progress[] {
  const seen: Progress[] = [];
  let now = 0;
  const meter = createProgressMeter(
    stages,
    (progress) => seen.push(progress),
    () => now,
  );
  run(meter, (ms) => (now += ms));
  return seen;
}

test("the overall fraction never goes back and stays in 0 to 1, whatever the stages report", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...stages), fc.double({ min: -1, max: 3, noNaN: true }))),
      (events) => {
        const fractions = record((meter) => {
          for (const [stage, fraction] of events) {
            meter.enter(stage);
            meter.update(fraction);
          }
        }).map(({ fraction }) => fraction);
        expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
        expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
      },
    ),
  );
});

test("the end of the last stage is 1", () => {
  const seen = record((meter) => {
    for (const stage of stages) {
      meter.enter(stage);
      meter.finish();
    }
  });
  expect(seen.at(-1)).toMatchObject({ stage: "publish", fraction: 1 });
});

test("the time left follows the pace of the stage", () => {
  const seen = record((meter, tick) => {
    meter.enter("transcode");
    tick(10_000);
    meter.update(0.5, { speed: 1.5 });
  });
  const last = seen.at(-1);
  expect(last).toMatchObject({ stageFraction: 0.5, speed: 1.5 });
  // Ten more seconds of this stage, and a share for what comes after it.
  expect(last?.etaSeconds).toBeGreaterThan(10);
  expect(last?.etaSeconds).toBeLessThan(15);
});
