import type { ServerResponse } from "node:http";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createHeldClock, createSkippingClock } from "../testing/clocks.ts";
import { answerProblem, startHttpServer } from "../testing/http-server.ts";
import { createClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import { tailPlayerEvents } from "./tail.ts";

const silenceMs = 45_000;

/** Each connection is answered by the next of `connections`. */
async function setUp(connections: ((response: ServerResponse) => void)[], clock: Clock = waitingClock()) {
  const { url, requests } = await startHttpServer((_, response) => {
    const connect = connections[requests.length - 1];
    return connect ? connect(response) : answerProblem(response, 403, "insufficient_scope");
  });
  return { client: createClient({ server: url, clock, maxRetries: 3 }), requests };
}

/** Reconnects at once, but never finds a connection silent. */
function waitingClock(): Clock & { sleeps: number[] } {
  const clock = createSkippingClock();
  const sleep: Clock["sleep"] = (milliseconds, signal) =>
    milliseconds === silenceMs
      ? createHeldClock().sleep(milliseconds, signal)
      : clock.sleep(milliseconds, signal);
  return { ...clock, sleep };
}

function open(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
}

function event(id: number): string {
  return `id: ${id}\nevent: player_event\ndata: {"event_id":"e${id}"}\n\n`;
}

test("takes up after a break where it was, by the last id, and ends on a refusal", async () => {
  const clock = waitingClock();
  const { client, requests } = await setUp(
    [
      (response) => (open(response), response.end(event(1) + event(2))),
      (response) => (open(response), response.write(event(3), () => response.destroy())),
      (response) => answerProblem(response, 503, "unavailable"),
      (response) => response.destroy(),
      (response) => (open(response), response.end(`retry: 4000\n\n${event(4)}id: 5\ndata: half`)),
    ],
    clock,
  );
  const found: string[] = [];
  const follow = async () => {
    const filters = { type: "error" as const };
    for await (const { event_id } of tailPlayerEvents(client, filters, { lastEventId: "0" }))
      found.push(event_id);
  };
  await expect(follow()).rejects.toMatchObject({ code: "insufficient_scope", status: 403 });
  expect(found).toEqual(["e1", "e2", "e3", "e4"]);
  expect(requests.map(({ path }) => path)).toEqual(Array(6).fill("/v1/player-events/tail?type=error"));
  expect(requests.map(({ headers }) => headers["last-event-id"])).toEqual(["0", "2", "3", "3", "3", "4"]);
  // A second after a connection that gave events, doubled after each that gave none; then what `retry` asked for.
  expect(clock.sleeps).toEqual([1000, 1000, 2000, 4000, 4000]);
});

test("begins now when it has no id, and a break closes the connection", async () => {
  const closed = Promise.withResolvers<void>();
  const { client, requests } = await setUp([
    (response) => {
      open(response);
      response.write(event(1));
      response.on("close", () => closed.resolve());
    },
  ]);
  for await (const { event_id } of tailPlayerEvents(client)) {
    expect(event_id).toBe("e1");
    break;
  }
  await closed.promise;
  expect(requests).toHaveLength(1);
  expect(requests[0]?.headers["last-event-id"]).toBeUndefined();
});

test("gives a connection up that has gone silent; a comment counts as life", async () => {
  const clock = createHeldClock();
  const first = Promise.withResolvers<ServerResponse>();
  const { client, requests } = await setUp(
    [
      (response) => (open(response), response.write(event(1)), first.resolve(response)),
      (response) => (open(response), response.write(event(2))),
    ],
    clock,
  );
  const events = tailPlayerEvents(client);
  expect((await events.next()).value).toMatchObject({ event_id: "e1" });
  const second = events.next();
  const silent = await first.promise;
  await clock.untilSleeping(silenceMs);
  clock.advance(44_000);
  silent.write(": still here\n");
  await clock.untilSleeping(silenceMs);
  const closed = once(silent, "close");
  clock.advance(silenceMs);
  await closed;
  await clock.untilSleeping(1000);
  clock.advance(1000);
  expect((await second).value).toMatchObject({ event_id: "e2" });
  expect(requests.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "1"]);
  await events.return();
});

test("ends by the caller's signal, in the middle of a connection and between two", async () => {
  const stop = new AbortController();
  const { client } = await setUp([(response) => (open(response), response.write(event(1)))]);
  const events = tailPlayerEvents(client, {}, { signal: stop.signal });
  await events.next();
  const next = events.next();
  stop.abort();
  await expect(next).rejects.toMatchObject({ code: "aborted" });

  const clock = createHeldClock();
  const later = new AbortController();
  const busy = await setUp([(response) => answerProblem(response, 503, "unavailable")], clock);
  const waiting = tailPlayerEvents(busy.client, {}, { signal: later.signal }).next();
  await clock.untilSleeping(1000);
  later.abort();
  await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  expect(busy.requests).toHaveLength(1);
});

test("throws on an event that is not JSON, rather than dropping it", async () => {
  const { client } = await setUp([(response) => (open(response), response.end("data: {half\n\n"))]);
  await expect(tailPlayerEvents(client).next()).rejects.toMatchObject({ code: "unexpected_response" });
});
