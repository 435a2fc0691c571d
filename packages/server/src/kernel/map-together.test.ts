import { expect, test } from "vitest";
import { mapTogether } from "./map-together.ts";

/** Items that say when nobody wants more of them. */
function source(length: number) {
  const state = { given: 0, closed: false };
  const items = (async function* () {
    try {
      for (; state.given < length; state.given += 1) yield state.given;
    } finally {
      state.closed = true;
    }
  })();
  return { state, items };
}

test("results stand in the order of the items, with as many under way as asked for, and never more", async () => {
  for (const items of [[...Array(20).keys()], source(20).items]) {
    let running = 0;
    let most = 0;
    let four = () => {};
    const together = new Promise<void>((resolve) => (four = resolve));
    const double = async (item: number) => {
      running += 1;
      most = Math.max(most, running);
      if (running === 4) four();
      await together;
      running -= 1;
      return item * 2;
    };
    expect(await mapTogether(items, 4, double)).toEqual([...Array(20).keys()].map((item) => item * 2));
    expect(most).toBe(4);
  }
});

test("a failure lets what is under way end, takes nothing more, and closes the source", async () => {
  const { state, items } = source(100);
  const ended: number[] = [];
  const working = mapTogether(items, 3, async (item) => {
    if (item === 1) throw new Error("The second broke");
    await Promise.resolve();
    ended.push(item);
  });
  await expect(working).rejects.toThrow("The second broke");
  const atTheEnd = [...ended];
  expect(state.closed).toBe(true);
  expect(state.given).toBeLessThan(10);
  await Promise.resolve();
  expect(ended).toEqual(atTheEnd);
});
