import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { sql } from "kysely";
import { holdClock } from "../../../../testing/platform.ts";
import { createIds } from "../../../kernel/ids.ts";
import { openKernelDatabase, type KernelDatabase } from "../../../kernel/testing/kernel-database.ts";
import { createUnits } from "../../../kernel/unit.ts";
import type { EventStream, StreamMessage, Subscription } from "../event-stream.ts";

const clock = holdClock();
export const units = createUnits({ clock, ids: createIds(clock) });

/** What every event stream keeps; `open` gives one that nobody has written to. */
export function describeEventStream(name: string, open: () => Promise<EventStream>): void {
  describe(name, () => {
    let database: KernelDatabase;
    beforeAll(async () => {
      database = await openKernelDatabase();
    });
    afterEach(() => sql`truncate test.notes`.execute(database.root));
    afterAll(() => database.close());

    /** Writes down what it gets; the same twice is not new. */
    const noting = (group: string): Subscription => ({
      topic: "player-events",
      group,
      handle: async (messages, unit) => {
        const added: number[] = [];
        for (const { key, value, headers } of messages) {
          const text = [group, key, value, ...Object.entries(headers).flat()].join(" ");
          const { numAffectedRows } = await sql`insert into test.notes (text)
            select ${text} where not exists (select from test.notes where text = ${text})`.execute(
            unit.on(database.notes),
          );
          added.push(Number(numAffectedRows));
        }
        return added;
      },
    });

    async function running(...subscriptions: Subscription[]): Promise<EventStream> {
      const stream = await open();
      for (const subscription of subscriptions) stream.subscribe(subscription);
      stream.start({ units, onDeadLetter: () => {} });
      onTestFinished(async () => {
        await stream.stop();
        await stream.close();
      });
      return stream;
    }

    const publish = (stream: EventStream, messages: StreamMessage[], validateOnly = false) =>
      units.write((unit) => stream.publish(unit, "player-events", messages), { validateOnly });

    const arrived = (texts: string[]) =>
      vi.waitFor(async () => expect(await database.texts()).toEqual(texts), {
        timeout: 15_000,
        interval: 20,
      });

    it("hands out what was published, in the order of its key", async () => {
      const stream = await running(noting("a"));
      await publish(stream, [message("k", "1", { more: "yes" }), message("k", "2")]);
      for (let number = 3; number <= 30; number += 1) await publish(stream, [message("k", String(number))]);
      const rest = Array.from({ length: 29 }, (_, index) => `a k ${index + 2}`);
      await arrived(["a k 1 more yes", ...rest]);
      await stream.check();
    });

    it("hands every message to every group, and none of another topic", async () => {
      const stream = await running(noting("a"), noting("b"));
      await units.write((unit) => stream.publish(unit, "events", [message("k", "elsewhere")]));
      await publish(stream, [message("k", 'ünï\n"☃"')]);
      await vi.waitFor(
        async () => expect((await database.texts()).toSorted()).toEqual(['a k ünï\n"☃"', 'b k ünï\n"☃"']),
        { timeout: 15_000 },
      );
    });

    it("publishes nothing where a request only checks", async () => {
      const stream = await running(noting("a"));
      await publish(stream, [message("k", "checked")], true);
      await publish(stream, [message("k", "meant")]);
      await arrived(["a k meant"]);
    });

    it("takes many publishers at once, and loses nothing of any", async () => {
      const stream = await running(noting("a"));
      const sent = Array.from({ length: 200 }, (_, index) => message(`k${index % 7}`, String(index)));
      await Promise.all(sent.map((one) => publish(stream, [one])));
      const texts = sent.map(({ key, value }) => `a ${key} ${value}`).toSorted();
      await vi.waitFor(async () => expect((await database.texts()).toSorted()).toEqual(texts), {
        timeout: 15_000,
      });
    });
  });
}

export function message(key: string, value: string, headers: Record<string, string> = {}): StreamMessage {
  return { key, value, headers };
}
