import { EventEmitter, once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { createHeldClock } from "../testing/clocks.ts";
import { answerJson, answerProblem, startHttpServer } from "../testing/http-server.ts";
import { createClient } from "./client.ts";
import type { FlixError } from "./errors.ts";
import { createPlayerEventQueue, type PlayerEvent, type PlayerEventQueueOptions } from "./playback.ts";

const sessionId = "pbs_01k9v3c4x5e6f7g8h9j0kmnpqr";

/** Answers each batch by `answer`; `keepalives` tells, for each request that left, whether it may outlive its page. */
async function setUp(options: Partial<PlayerEventQueueOptions> = {}) {
  const clock = createHeldClock();
  const batches: PlayerEvent[][] = [];
  const keepalives: boolean[] = [];
  const answers: ((response: ServerResponse) => void)[] = [];
  const arrivals = new EventEmitter();
  const { url } = await startHttpServer(({ body }, response) => {
    batches.push(JSON.parse(body.toString()).events);
    arrivals.emit("batch");
    const answer = answers.shift();
    if (answer) return answer(response);
    return answerJson(response, 200, { accepted: batches.at(-1)?.length, duplicates: 0 });
  });
  const fetch = (request: Request) => {
    keepalives.push(request.keepalive);
    return globalThis.fetch(request);
  };
  const client = createClient({ server: url, clock, fetch, maxRetries: 0 });
  const page = new EventTarget();
  const queue = createPlayerEventQueue(client, { sessionId, page, ...options });
  const untilBatches = async (count: number) => {
    while (batches.length < count) await once(arrivals, "batch");
  };
  return { queue, clock, batches, keepalives, answers, page, untilBatches };
}

describe("player events", () => {
  test("are numbered and timed as they are recorded, and leave together every ten seconds", async () => {
    const { queue, clock, batches } = await setUp();
    queue.record({ type: "attempt" });
    clock.advance(840);
    queue.record({ type: "start", video_start_time_ms: 840 });
    expect(batches).toEqual([]);
    clock.advance(9_160);
    await queue.flush();
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject([
      { seq: 0, session_id: sessionId, type: "attempt", client_ts: "2026-11-22T09:30:00.000Z" },
      { seq: 1, session_id: sessionId, type: "start", client_ts: "2026-11-22T09:30:00.840Z" },
    ]);
    expect(batches[0]?.[0]?.event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    await queue.close();
    expect(batches).toHaveLength(1);
  });

  test("are sent again, the same ones, after a batch that got no answer", async () => {
    const errors: string[] = [];
    const onError = ({ code }: FlixError) => errors.push(code);
    const { queue, batches, answers } = await setUp({ onError });
    answers.push(
      (response) => void response.destroy(),
      (response) => answerProblem(response, 503, "unavailable"),
      (response) => answerProblem(response, 401, "invalid_token"),
    );
    queue.record({ type: "attempt" });
    for (let attempt = 0; attempt < 3; attempt += 1) await queue.flush();
    queue.record({ type: "exit" });
    await queue.flush();
    await queue.flush();
    expect(errors).toEqual(["network_error", "unavailable", "invalid_token"]);
    expect(batches.map((batch) => batch.length)).toEqual([1, 1, 1, 2]);
    expect(new Set(batches.map((batch) => batch[0]?.event_id)).size).toBe(1);
    await queue.close();
  });

  test("are dropped when the platform refuses them: they would be refused for ever", async () => {
    const errors: string[] = [];
    const { queue, batches, answers } = await setUp({ onError: ({ code }) => errors.push(code) });
    answers.push((response) => answerProblem(response, 404, "not_found"));
    queue.record({ type: "attempt" });
    await queue.flush();
    queue.record({ type: "exit" });
    await queue.close();
    expect(errors).toEqual(["not_found"]);
    expect(batches.map((batch) => batch.map(({ seq }) => seq))).toEqual([[0], [1]]);
  });

  test("leave at once when a hundred wait, and in batches of a hundred", async () => {
    const { queue, batches } = await setUp();
    for (let count = 0; count < 250; count += 1) queue.record({ type: "heartbeat" });
    await queue.flush();
    expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50]);
    expect(batches.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: 250 }, (_, index) => index));
    await queue.close();
  });

  test("are bounded without a network: the oldest go, and the gap shows", async () => {
    const { queue, batches, answers } = await setUp();
    answers.push((response) => void response.destroy());
    for (let count = 0; count < 2_100; count += 1) queue.record({ type: "heartbeat" });
    await queue.flush();
    await queue.close();
    expect(batches.slice(1).flat()).toHaveLength(2_000);
    expect(batches[1]?.[0]?.seq).toBe(100);
  });
});

describe("a page that goes away", () => {
  test.each(["pagehide", "visibilitychange"])(
    "sends all on %s, in a request that outlives it",
    async (type) => {
      const { queue, batches, keepalives, page, untilBatches } = await setUp();
      queue.record({ type: "start" });
      queue.record({ type: "exit" });
      page.dispatchEvent(new Event(type));
      await untilBatches(1);
      expect([batches[0]?.length, keepalives]).toEqual([2, [true]]);
      await queue.close();
    },
  );

  test("sends what is in flight along, but nothing twice by two events of its end", async () => {
    const { queue, batches, keepalives, answers, page, untilBatches } = await setUp();
    const held = Promise.withResolvers<ServerResponse>();
    answers.push(held.resolve);
    queue.record({ type: "start" });
    const flight = queue.flush();
    const response = await held.promise;
    queue.record({ type: "exit" });
    page.dispatchEvent(new Event("visibilitychange"));
    page.dispatchEvent(new Event("pagehide"));
    await untilBatches(2);
    expect(batches.map((batch) => batch.map(({ seq }) => seq))).toEqual([[0], [0, 1]]);
    answerJson(response, 200, { accepted: 1, duplicates: 0 });
    await flight;
    await queue.close();
    expect(keepalives.slice(0, 2)).toEqual([false, true]);
  });

  test("keeps within the 64 KiB that such requests share", async () => {
    const { queue, batches, keepalives, page, answers, untilBatches } = await setUp();
    const held = Promise.withResolvers<ServerResponse>();
    answers.push(held.resolve);
    for (let count = 0; count < 300; count += 1) {
      queue.record({ type: "error", error_message: "é".repeat(500) });
    }
    await held.promise;
    page.dispatchEvent(new Event("pagehide"));
    await untilBatches(2);
    expect(keepalives).toEqual([false, true]);
    expect(Buffer.byteLength(JSON.stringify({ events: batches[1] }))).toBeLessThan(64 * 1024);
    expect(batches[1]?.length).toBeGreaterThan(30);
    answerJson(await held.promise, 200, { accepted: 100, duplicates: 0 });
    await queue.close();
  });
});
