import { expect, test } from "vitest";
import { createDirectStream } from "./direct.ts";
import type { StreamMessage } from "./event-stream.ts";
import { describeEventStream, message, units } from "./testing/event-stream-suite.ts";

describeEventStream("a stream without a broker", () => Promise.resolve(createDirectStream()));

/** A stream whose handler notes each lot that it gets; a message `poison` fails all that come with it. */
function noting() {
  const lots: string[][] = [];
  const stream = createDirectStream();
  stream.subscribe({
    topic: "player-events",
    group: "a",
    handle: async (messages) => {
      const values = messages.map(({ value }) => value);
      lots.push(values);
      if (values.includes("gone")) throw Object.assign(new Error("gone"), { code: "ECONNREFUSED" });
      if (values.includes("poison")) throw new Error("this is no event");
      return values.map(({ length }) => length);
    },
  });
  stream.start({ units, onDeadLetter: () => {} });
  const publish = (...messages: StreamMessage[]) => stream.publish(units.read(), "player-events", messages);
  return { lots, publish };
}

const one = (value: string) => message("k", value);

test("what is published meanwhile goes together into the next transaction, and each is told of its own", async () => {
  const { lots, publish } = noting();
  const counts = await Promise.all([publish(one("a")), publish(one("bb"), one("ccc")), publish(one("dddd"))]);
  expect(lots).toEqual([["a"], ["bb", "ccc", "dddd"]]);
  expect(counts).toEqual([1, 5, 4]);
});

test("what one publisher brought fails for nobody else", async () => {
  const { lots, publish } = noting();
  const ends = await Promise.allSettled(["a", "b", "poison", "c"].map((value) => publish(one(value))));
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(lots).toEqual([["a"], ["b", "poison", "c"], ["b"], ["poison"], ["c"]]);
});

test("what comes faster than it can be kept is refused, and what waits is not lost", async () => {
  const { publish } = noting();
  const ends = await Promise.allSettled(Array.from({ length: 600 }, () => publish(one("a"))));
  const refused = ends.filter(({ status }) => status === "rejected");
  // One is being kept while 500 wait.
  expect(refused.length).toBe(99);
  for (const end of refused)
    expect(end).toMatchObject({ reason: { code: "unavailable", headers: { "retry-after": "5" } } });
  expect(await publish(one("aa"))).toBe(2);
});

test("nobody waits for a database that is gone", async () => {
  const { lots, publish } = noting();
  const first = publish(one("first"));
  const late = ["gone", ...Array.from({ length: 50 }, (_, index) => String(index))];
  const ends = await Promise.allSettled(late.map((value) => publish(one(value))));
  expect(await first).toBe(5);
  for (const end of ends) expect(end).toMatchObject({ reason: { code: "ECONNREFUSED" } });
  expect(lots.map(({ length }) => length)).toEqual([1, 20]);
  expect(await publish(one("back"))).toBe(4);
});
