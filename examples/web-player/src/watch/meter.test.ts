import fc from "fast-check";
import { expect, test } from "vitest";
import { createMeter, type Phase } from "./meter.ts";

const phases: Phase[] = ["starting", "playing", "stalled", "paused", "seeking", "ended"];

function heldClock() {
  let time = 1_000;
  return {
    now: () => time,
    advance: (ms: number) => {
      time += ms;
    },
  };
}

test("Only playing is played and only stalled is stalled", () => {
  const clock = heldClock();
  const meter = createMeter(clock.now);
  clock.advance(700);
  for (const [phase, ms] of [
    ["playing", 5_000],
    ["stalled", 300],
    ["playing", 1_000],
    ["seeking", 900],
    ["paused", 60_000],
  ] as const) {
    meter.to(phase);
    clock.advance(ms);
  }
  expect(meter.take()).toEqual({ play_ms: 6_000, stall_ms: 300 });
  expect(meter.take()).toEqual({ play_ms: 0, stall_ms: 0 });
});

test("However often it is asked, the deltas add up to the time that was spent, but for less than a millisecond", () => {
  const step = fc.record({
    phase: fc.constantFrom(...phases),
    ms: fc.double({ min: 0, max: 5_000, noNaN: true }),
    take: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = heldClock();
      const meter = createMeter(clock.now);
      const told = { play_ms: 0, stall_ms: 0 };
      const add = ({ play_ms, stall_ms }: typeof told) => {
        told.play_ms += play_ms;
        told.stall_ms += stall_ms;
      };
      for (const { phase, ms, take } of steps) {
        meter.to(phase);
        clock.advance(ms);
        if (take) add(meter.take());
      }
      add(meter.take());
      const spent = (wanted: Phase) =>
        steps.filter(({ phase }) => phase === wanted).reduce((sum, { ms }) => sum + ms, 0);
      for (const [sum, wanted] of [
        [told.play_ms, "playing"],
        [told.stall_ms, "stalled"],
      ] as const) {
        expect(Number.isInteger(sum)).toBe(true);
        expect(spent(wanted) - sum).toBeGreaterThan(-0.001);
        expect(spent(wanted) - sum).toBeLessThan(1.001);
      }
    }),
  );
});
