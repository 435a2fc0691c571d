import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  operator,
  startTestPlatform,
  viewer,
  withoutBroker,
  type TestPlatform,
} from "../../../../testing/index.ts";
import { createAnalytics } from "../index.ts";

const accountId = "acc_01k9v3c4x5e6f7g8h9j0kmnpqr";
const otherId = "acc_01k9v3c4x5e6f7g8h9j0kmnpqs";
let platform: TestPlatform;

function start(environment: Record<string, string> = {}): Promise<TestPlatform> {
  return startTestPlatform({
    compose: (kernel) => [createAnalytics(kernel).module],
    environment: { FLIX_MODULES: "analytics", ...environment },
  });
}

beforeAll(async () => {
  platform = await start();
});
afterAll(() => platform.close());
beforeEach(() => platform.clock.advance(8 * 86_400_000));

/** Tells analytics of a session as playback does: by its event. */
async function startSession(
  title = "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr",
  device_kind: "web" | "tv" = "web",
  { kernel, deliverEvents } = platform,
): Promise<string> {
  const session_id = kernel.ids.next("pbs");
  const data = {
    session_id,
    profile_id: "prf_01k9v3c4x5e6f7g8h9j0kmnpqr",
    title_id: title,
    title: `Name of ${title.at(-1)}`,
    device_kind,
    territory: "US",
    duration_seconds: 100,
  };
  const { units, database } = kernel;
  await units.write((unit) =>
    unit.publish(database("analytics"), { type: "playback.started", account_id: accountId, data }),
  );
  await deliverEvents();
  return session_id;
}

function eventId(): string {
  return randomUUID().replace(/^(.{14})./, "$17");
}

function events(session_id: string, ...list: object[]): { events: object[] } {
  const client_ts = platform.clock.now().toISOString();
  return {
    events: list.map((event, seq) => ({ event_id: eventId(), session_id, seq, client_ts, ...event })),
  };
}

const send = (body: object, id = accountId) => platform.as(viewer(id)).post("/v1/player-events", { body });

describe("recordPlayerEvents", () => {
  it("counts a repeated event once", async () => {
    const batch = events(
      await startSession(),
      { type: "attempt" },
      { type: "start", video_start_time_ms: 500 },
      { type: "heartbeat", play_ms: 30_000 },
    );
    for (let time = 0; time < 2; time += 1) expect((await send(batch)).statusCode).toBe(200);
    platform.clock.advance(1_000);
    const report = (await platform.as(operator("support")).get("/v1/reports/playback")).json();
    expect(report.total).toMatchObject({ attempts: 1, starts: 1, watch_seconds: 30 });
  });

  it("tells what was known already, without a broker: one takes a batch before anybody has looked", async () => {
    const direct = await start(withoutBroker);
    onTestFinished(() => direct.close());
    const batch = events(await startSession(undefined, undefined, direct), { type: "attempt" });
    const send = () => direct.as(viewer(accountId)).post("/v1/player-events", { body: batch });
    expect((await send()).json()).toEqual({ accepted: 1, duplicates: 0 });
    expect((await send()).json()).toEqual({ accepted: 0, duplicates: 1 });
  });

  it("tells each of many that come at once of its own, without a broker", async () => {
    const direct = await start(withoutBroker);
    onTestFinished(() => direct.close());
    const session = await startSession(undefined, undefined, direct);
    const first = events(session, { type: "attempt" });
    const next = () => events(session, { type: "heartbeat", play_ms: 1_000 }).events;
    const bodies = Array.from({ length: 30 }, () => ({ events: [...first.events, ...next()] }));
    const answers = await Promise.all(
      bodies.map((body) => direct.as(viewer(accountId)).post("/v1/player-events", { body })),
    );
    const counts = answers.map((answer) => answer.json<{ accepted: number; duplicates: number }>());
    expect(counts.filter(({ accepted, duplicates }) => accepted === 1 && duplicates === 1)).toHaveLength(29);
    expect(counts.filter(({ accepted }) => accepted === 2)).toHaveLength(1);
  });

  it("refuses the whole batch when a session is not the caller's", async () => {
    const batch = events(await startSession(), { type: "attempt" });
    const answer = await send(batch, otherId);
    expect(answer.json()).toMatchObject({ status: 404, code: "playback_session_not_found" });
    expect((await send(batch)).json()).toEqual({ accepted: 1, duplicates: 0 });
  });
});

describe("getPlaybackReport", () => {
  it("measures starts, watch time, completion, start time and rebuffering in the terms of CTA-2066", async () => {
    const good = await startSession();
    await send(
      events(
        good,
        { type: "attempt" },
        { type: "start", video_start_time_ms: 400 },
        { type: "heartbeat", play_ms: 30_000, stall_ms: 0, playhead_seconds: 30 },
        { type: "exit", play_ms: 20_000, stall_ms: 2_000, playhead_seconds: 50 },
      ),
    );
    const done = await startSession();
    await send(
      events(
        done,
        { type: "attempt" },
        { type: "start", video_start_time_ms: 900 },
        { type: "end", play_ms: 48_000, stall_ms: 0, playhead_seconds: 99 },
      ),
    );
    const failed = await startSession();
    await send(
      events(
        failed,
        { type: "attempt" },
        { type: "error", fatal: true, error_code: "shaka-1001" },
        { type: "exit" },
      ),
    );
    const left = await startSession("ttl_01k9v3c4x5e6f7g8h9j0kmnpqt", "tv");
    await send(events(left, { type: "attempt" }, { type: "exit" }));
    platform.clock.advance(1_000);

    const report = (await platform.as(operator("support")).get("/v1/reports/playback")).json();
    expect(report.total).toEqual({
      attempts: 4,
      starts: 2,
      watch_seconds: 98,
      completion_ratio: 0.75,
      video_start_time_ms: { p50: 400, p95: 900 },
      rebuffer_ratio: 0.02,
      start_failures: 1,
      exits_before_start: 1,
    });
    expect(
      report.rows.map(({ key, attempts }: { key: string; attempts: number }) => [key.at(-1), attempts]),
    ).toEqual([
      ["r", 3],
      ["t", 1],
    ]);
    const byDevice = (await platform.as(operator()).get("/v1/reports/playback?group_by=device")).json();
    expect(byDevice.rows.map(({ key }: { key: string }) => key)).toEqual(["web", "tv"]);
    const byDay = (await platform.as(operator()).get("/v1/reports/playback?group_by=day")).json();
    expect(byDay.rows).toHaveLength(1);
    expect(byDay.rows[0].key).toBe(platform.clock.now().toISOString().slice(0, 10));
  });

  it("refuses an empty or reversed range, and viewers", async () => {
    const url = "/v1/reports/playback?from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z";
    expect((await platform.as(operator()).get(url)).json().code).toBe("report_range_not_valid");
    expect((await platform.as(viewer(accountId)).get("/v1/reports/playback")).statusCode).toBe(403);
  });
});

describe("tailPlayerEvents", () => {
  it("streams what comes, filtered, and resumes after the last id", async () => {
    const url = await listen();
    const [wanted, unwanted] = [await startSession(), await startSession()];
    const abort = new AbortController();
    const stream = await follow(`${url}?session_id=${wanted}`, {}, abort.signal);
    expect(await stream.next()).toBe(": following");
    await send(events(unwanted, { type: "attempt" }));
    await send(events(wanted, { type: "attempt" }, { type: "start" }));
    const first = await stream.next();
    expect(first).toContain('"type":"attempt"');
    expect(first).toContain(wanted);
    expect(await stream.next()).toContain('"type":"start"');
    abort.abort();

    const id = /id: (\d+)/.exec(first)?.[1] ?? "";
    const again = new AbortController();
    const resumed = await follow(`${url}?session_id=${wanted}`, { "last-event-id": id }, again.signal);
    await resumed.next();
    expect(await resumed.next()).toContain('"type":"start"');
    again.abort();
  });
});

let address: string | undefined;
async function listen(): Promise<string> {
  address ??= await platform.app.listen({ port: 0 });
  return `${address}/v1/player-events/tail`;
}

/** Reads a stream of records, each ended by an empty line. */
async function follow(url: string, headers: Record<string, string>, signal: AbortSignal) {
  const authorization = platform.authorization(operator());
  const response = await fetch(url, { headers: { ...headers, authorization }, signal });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let read = "";
  return {
    async next(): Promise<string> {
      while (!read.includes("\n\n")) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) throw new Error(`The stream ended after ${read}`);
        read += chunk.value;
      }
      const [record = "", ...rest] = read.split("\n\n");
      read = rest.join("\n\n");
      return record;
    },
  };
}
