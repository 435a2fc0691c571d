import fc from "fast-check";
import { expect, test } from "vitest";
import { createEncoderTurns } from "./encoder-turns.ts";

test("no more run at once than there are turns, nor than fit into memory, and all get theirs in order", async () => {
  const needs = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(needs, fc.integer({ min: 1, max: 6 }), async (bytes, count) => {
      const turns = createEncoderTurns(count, 150);
      let [running, taken] = [0, 0];
      const begun: number[] = [];
      await Promise.all(
        bytes.map(async (needed, index) => {
          const end = await turns.take(needed);
          begun.push(index);
          running += 1;
          taken += needed;
          expect(running).toBeLessThanOrEqual(count);
          expect(taken).toBeLessThanOrEqual(150);
          await new Promise(setImmediate);
          running -= 1;
          taken -= needed;
          end();
        }),
      );
      expect(begun).toEqual(bytes.map((_, index) => index));
    }),
    { numRuns: 50 },
  );
});

test("what is larger than the memory runs alone", async () => {
  const turns = createEncoderTurns(4, 100);
  const end = await turns.take(500);
  const next = turns.take(1);
  const first = await Promise.race([
    next.then(() => "started"),
    new Promise((done) => setImmediate(done, "waits")),
  ]);
  expect(first).toBe("waits");
  end();
  (await next)();
});

test("one that is cancelled while it waits leaves the queue, and takes nothing from the others", async () => {
  const turns = createEncoderTurns(1, 100);
  const end = await turns.take(1);
  const stop = new AbortController();
  const cancelled = turns.take(1, stop.signal);
  const next = turns.take(1);
  stop.abort();
  await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
  await expect(turns.take(1, stop.signal)).rejects.toMatchObject({ code: "cancelled" });
  end();
  (await next)();
});
