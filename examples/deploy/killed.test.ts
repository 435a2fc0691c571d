import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Flix } from "@flix/sdk";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createRandom } from "../../packages/encoder/testing/mutate.ts";
import type { Stock } from "../../packages/server/src/whole-platform/testing/belongings.ts";
import { kafka } from "../../tools/engines/kafka.ts";
import { postgres } from "../../tools/engines/postgres.ts";
import { describeWith } from "../../tools/engines/testing.ts";
import { faultsOf, kinds, noFaults, openBook } from "./testing/book.ts";
import { findIn } from "./testing/found.ts";
import { startOwnPlatform, type OwnPlatform, type VictimName } from "./testing/own-platform.ts";
import { stageStaff, stageStock, stageViewer } from "./testing/staged.ts";
import { readTopic, type TopicReader } from "./testing/topic.ts";
import { keepWriting, measuresOf, type PlayingViewer } from "./testing/writers.ts";

/** A hundred take some minutes: FLIX_ROUNDS=100. */
const rounds = Number(process.env["FLIX_ROUNDS"] ?? 20);
/** Of the moments: FLIX_SEED kills at the same ones again. */
const seed = Number(process.env["FLIX_SEED"] ?? randomInt(2 ** 31));
const victims: readonly VictimName[] = ["app", "postgres", "kafka"];
/** 5 s on a machine that does nothing else; what each round took is told. */
const recovering = { timeout: 20_000, interval: 20 };
/** A viewer's token is good for ten minutes. */
const roundsOfViewer = 20;

// The engines are the test's own, since they are killed; those of `pnpm engines` say that this machine can run them.
describeWith(postgres, "flix-server, its PostgreSQL", () => {
  describeWith(kafka, "and its Kafka, killed in turn while clients write", () => {
    const book = openBook();
    const ended = new AbortController();
    let platform: OwnPlatform;
    let stock: Stock;
    let staff: Flix;
    let viewer: PlayingViewer;
    let writing: Promise<void> | undefined;
    let topic: TopicReader | undefined;

    beforeAll(async () => {
      platform = await startOwnPlatform();
      stock = await stageStock(platform);
      staff = await stageStaff(platform);
      viewer = await stageViewer(platform, stock);
    });
    afterAll(async () => {
      ended.abort();
      await writing;
      await topic?.stop();
      await platform?.close();
    });

    const statusOf = (path: string) =>
      fetch(platform.url + path).then(
        ({ status }) => status,
        () => undefined,
      );

    /** Resolves once something of each kind was acknowledged that was not before. */
    async function everythingFlows(): Promise<void> {
      const before = new Map(kinds.map((kind) => [kind, book.acknowledged(kind).size]));
      await vi.waitFor(() => {
        expect(book.surprises).toEqual([]);
        for (const [kind, count] of before) expect(book.acknowledged(kind).size, kind).toBeGreaterThan(count);
      }, recovering);
    }

    /** Kills, sees that the others live, starts it again, and sees that all goes on. */
    async function kill(name: VictimName, afterMs: number): Promise<string> {
      const { [name]: victim } = platform.victims;
      await delay(afterMs);
      await victim.kill();
      if (name !== "app") {
        await vi.waitFor(async () => expect(await statusOf("/readyz")).toBe(503), recovering);
        expect(await statusOf("/livez")).toBe(200);
      }
      await victim.restart();
      const backAtMs = performance.now();
      await vi.waitFor(async () => expect(await statusOf("/readyz")).toBe(200), recovering);
      const readyMs = Math.round(performance.now() - backAtMs);
      await everythingFlows();
      const flowsMs = Math.round(performance.now() - backAtMs);
      return `${name} killed after ${afterMs} ms; back, it was ready after ${readyMs} ms, and all was written after ${flowsMs} ms`;
    }

    const moments = createRandom(seed);
    test(
      `${rounds} rounds, seed ${seed}`,
      async () => {
        writing = keepWriting({ staff, planId: stock.plan_id, viewer: () => viewer }, book, ended.signal);
        await everythingFlows();
        for (let round = 0; round < rounds; round += 1) {
          if (round > 0 && round % roundsOfViewer === 0) viewer = await stageViewer(platform, stock);
          const told = await kill(victims[round % victims.length] ?? "app", moments.below(400));
          process.stderr.write(`round ${round + 1}: ${told}\n`);
        }
        ended.abort();
        await writing;
        expect(book.surprises).toEqual([]);
      },
      rounds * 40_000,
    );

    test("what was acknowledged is there, once, and so is all that follows from it", async () => {
      const found = findIn(platform.databaseUrl);
      topic = await readTopic(platform.eventEnvironment);
      const { counts, ids } = topic;
      await vi.waitFor(
        async () => {
          expect(faultsOf(book, "player event", await found.count("player event"))).toEqual(noFaults);
          const eventIds = await found.eventIds();
          expect({ untold: [...eventIds.difference(ids)], unheardOf: [...ids.difference(eventIds)] }).toEqual(
            {
              untold: [],
              unheardOf: [],
            },
          );
          expect(await found.learnedSessions()).toEqual(counts("playback.started"));
          for (const { position, learned } of await found.progress())
            expect(learned).toBeCloseTo(position, 6);
        },
        { timeout: 60_000, interval: 200 },
      );
      for (const kind of ["title", "account", "subscription", "session"] as const)
        expect(faultsOf(book, kind, await found.count(kind)), kind).toEqual(noFaults);

      // Each subscription was paid for once, and nothing else was.
      const billed = await found.billed();
      const once = { state: "active", invoices: 1, payments: 1, charges: 1, cash: 999 };
      expect(billed.filter((one) => JSON.stringify(one) !== JSON.stringify(once))).toEqual([]);
      expect(await found.chargeCount()).toBe(billed.length);

      // Positions only grow: the last that was acknowledged is there, or one that was tried after it.
      for (const { profile, position } of await found.progress()) {
        expect(book.tried("position")).toContain(`${profile} ${position}`);
        const kept = [...book.acknowledged("position")].filter(([name]) => name.startsWith(profile));
        expect(position).toBeGreaterThanOrEqual(Math.max(...kept.map(([, answer]) => Number(answer))));
      }

      const { total } = await staff.getPlaybackReport();
      expect(total).toMatchObject(measuresOf((await found.count("player event")).keys()));
    }, 120_000);

    test("other systems hear of every change, each by one event", () => {
      const heard = (type: string) => topic?.counts(type) ?? new Map<string, number>();
      const series = new Map([...heard("title.published")].filter(([id]) => id !== stock.title_id));
      expect(faultsOf(book, "published", series)).toEqual(noFaults);
      for (const [kind, type] of [
        ["account", "account.created"],
        ["session", "playback.started"],
      ] as const) {
        const answers = [...book.acknowledged(kind).values()];
        expect(answers.filter((id) => heard(type).get(id) !== 1)).toEqual([]);
      }
      const subscribed = [...book.acknowledged("subscription").keys()];
      expect(subscribed.filter((account) => heard("subscription.created").get(account) !== 1)).toEqual([]);
      const counts = kinds.map(
        (kind) => `${book.acknowledged(kind).size} of ${book.tried(kind).size} ${kind}s`,
      );
      process.stderr.write(`acknowledged: ${counts.join(", ")}; ${topic?.repeats()} events came again\n`);
    });
  });
});
