import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from "vitest";
import { kafka } from "../../../../tools/engines/kafka.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { startServing } from "../../testing/server-process.ts";
import { readConfig } from "../config.ts";
import type { EventStream, StreamMessage } from "../engines/events/event-stream.ts";
import { openKafkaStream } from "../engines/events/kafka.ts";
import type { KafkaLocation } from "../engines/events/location.ts";
import { startOwnKafka, type OwnKafka } from "../engines/events/testing/own-kafka.ts";
import { createLog } from "../kernel/log.ts";
import { fillStock, subscribe, type Belongings, type Stock } from "./testing/belongings.ts";
import { addViewer, as, provisionRoot, succeeded, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

/** That of `startServing`: its process works on the same database. */
const secret = Buffer.from("0f".repeat(32), "hex");

// The broker is the test's own, since it is killed; that of `pnpm engines` says that this machine can run one.
describeWith(kafka, "the whole platform on Kafka", () => {
  let broker: OwnKafka;
  let environment: Record<string, string>;
  let location: KafkaLocation;
  let stream: EventStream;
  let platform: WholePlatform;
  let root: Person;
  let viewer: Person;
  let stock: Stock;
  let owned: Belongings;
  const logged: string[] = [];
  /** What was acknowledged, by this test's own account. */
  const acknowledged = new Set<string>();

  beforeAll(async () => {
    broker = await startOwnKafka();
    environment = {
      KAFKA_BROKERS: broker.broker,
      FLIX_KAFKA_TLS: broker.authority,
      FLIX_KAFKA_SASL: `scram-sha-512:${broker.username}:${broker.password}`,
      FLIX_KAFKA_PARTITIONS: "4",
    };
    const { kafka: configured } = readConfig(environment);
    if (configured === undefined) throw new Error("The environment names a broker");
    location = configured;
    const log = createLog("info", { write: (line) => void logged.push(line) });
    stream = await openKafkaStream(location, log);
    platform = await startWholePlatform({}, { eventStream: stream, secret });
    platform.start();
    root = await provisionRoot(platform);
    stock = await fillStock(platform, root);
    viewer = await addViewer(platform);
    owned = await subscribe(platform, viewer, stock);
  }, 60_000);
  afterAll(async () => {
    await platform?.close();
    await stream?.close();
    await broker?.remove();
  });

  async function send(...types: string[]) {
    const client_ts = platform.clock.now().toISOString();
    const { session_id } = owned;
    const events = types.map((type, seq) => ({ event_id: eventId(), session_id, seq, client_ts, type }));
    const answer = await as(platform, viewer).post("/v1/player-events", { body: { events } });
    if (answer.statusCode === 200) for (const { event_id } of events) acknowledged.add(event_id);
    return answer;
  }

  /** Sends as long as the signal does not end it; resolves with the answers' statuses. */
  async function keepSending(signal: AbortSignal): Promise<Set<number>> {
    const statuses = new Set<number>();
    while (!signal.aborted) {
      statuses.add((await send("heartbeat", "heartbeat", "heartbeat")).statusCode);
      await delay(5);
    }
    return statuses;
  }

  async function recorded(): Promise<string[]> {
    const { rows } = await sql<{ event_id: string }>`select event_id from analytics.player_events`.execute(
      platform.kernel.database("analytics").root,
    );
    return rows.map(({ event_id }) => event_id);
  }

  /** All that was acknowledged is there, once; what was not may be there too. */
  const expectAll = () =>
    vi.waitFor(
      async () => {
        const found = await recorded();
        expect(new Set(found).size).toBe(found.length);
        expect([...acknowledged.difference(new Set(found))]).toEqual([]);
      },
      { timeout: 15_000, interval: 50 },
    );

  it("player events come to the report and the tail, and a request that only checks sends none", async () => {
    const address = await platform.app.listen({ port: 0 });
    const ended = new AbortController();
    const tail = await fetch(`${address}/v1/player-events/tail?session_id=${owned.session_id}`, {
      headers: { authorization: `Bearer ${root.token}` },
      signal: ended.signal,
    });
    const checked = await as(platform, viewer).post("/v1/player-events?validate_only=true", {
      body: { events: [{ ...heartbeat(), session_id: owned.session_id }] },
    });
    expect(checked.json()).toEqual({ accepted: 1, duplicates: 0 });
    expect((await send("attempt", "start")).json()).toEqual({ accepted: 2, duplicates: 0 });
    expect(await readUntil(tail, '"type":"start"')).not.toContain("heartbeat");
    ended.abort();
    await expectAll();
    platform.clock.advance(1_000);
    const report = await as(platform, root).get("/v1/reports/playback");
    expect(report.json().total).toMatchObject({ attempts: 1, starts: 1 });
  });

  it("a batch that is sent again is recorded once, and events of another's session are refused before", async () => {
    const events = [{ ...heartbeat(), session_id: owned.session_id }];
    const own = as(platform, viewer);
    for (let time = 0; time < 2; time += 1) {
      expect((await own.post("/v1/player-events", { body: { events } })).statusCode).toBe(200);
    }
    const twice = { events: [...events, ...events] };
    expect((await own.post("/v1/player-events", { body: twice })).json()).toEqual({
      accepted: 1,
      duplicates: 1,
    });
    const stranger = await addViewer(platform);
    const refused = await as(platform, stranger).post("/v1/player-events", { body: { events } });
    expect(refused.json()).toMatchObject({ status: 404, code: "playback_session_not_found" });
    acknowledged.add(events[0]?.event_id ?? "");
    await expectAll();
  });

  it("every event of the outbox comes to the topic in its order, as the contract has it", async () => {
    const { rows } = await sql<{ id: string; type: string }>`
      select id, type from kernel.events order by position`.execute(platform.kernel.database("users").root);
    const got: StreamMessage[] = [];
    const reader = await openKafkaStream(location, createLog("silent"));
    onTestFinished(async () => {
      await reader.stop();
      await reader.close();
    });
    reader.subscribe({
      topic: "events",
      group: "warehouse",
      handle: async (messages) => {
        got.push(...messages);
        return messages.map(() => 1);
      },
    });
    reader.start({ units: platform.kernel.units, onDeadLetter: () => {} });
    await vi.waitFor(() => expect(got.length).toBeGreaterThanOrEqual(rows.length), { timeout: 15_000 });
    expect(new Set(got.map(({ headers }) => headers["id"]))).toEqual(new Set(rows.map(({ id }) => id)));
    const ofViewer = got.filter(({ key }) => key === viewer.id).map(({ value }) => JSON.parse(value));
    expect(ofViewer[0]).toMatchObject({
      type: "account.created",
      account_id: viewer.id,
      data: { country: "GB" },
    });
    const ids = ofViewer.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(rows.filter(({ id }) => ids.includes(id)).map(({ id }) => id));
    const ofTitle = got.filter(({ key }) => key === stock.title_id).map(({ headers }) => headers["type"]);
    expect(ofTitle).toContain("title.published");
  });

  it("a wrong password and an unknown authority are told by the variable", async () => {
    const log = createLog("silent");
    const sasl = { mechanism: "scram-sha-512", username: broker.username, password: "c4n4ry" } as const;
    const refused = openKafkaStream({ ...location, sasl }, log);
    await expect(refused).rejects.toMatchObject({
      code: "kafka_credentials_refused",
      message: expect.stringMatching(/lets nobody in as flix \(scram-sha-512\).*FLIX_KAFKA_SASL/),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining("c4n4ry") });
    await expect(openKafkaStream({ ...location, tls: { ca: undefined } }, log)).rejects.toMatchObject({
      code: "kafka_tls_failed",
      message: expect.stringMatching(/FLIX_KAFKA_TLS/),
    });
  });

  it("a consumer that is killed hands its partitions over: nothing is lost or doubled", async () => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(
      platform.kernel.database("users").root,
    );
    const url = new URL(inject("postgres").connectionString);
    url.pathname = `/${rows[0]?.name}`;
    const folder = await mkdtemp(join(tmpdir(), "flix-kafka-consumer-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const server = await startServing({
      DATABASE_URL: url.href,
      ...environment,
      FLIX_DATA: folder,
    });
    onTestFinished(() => server.kill());
    await server.logged("partitions assigned");
    const ended = new AbortController();
    const sending = keepSending(ended.signal);
    await delay(500);
    await server.kill();
    await delay(500);
    ended.abort();
    expect(await sending).toEqual(new Set([200]));
    await expectAll();
  }, 40_000);

  describe("a broker that goes away", () => {
    it("is told to players, to readiness and once to the log, while the rest is served; then all goes on", async () => {
      await expectAll();
      logged.length = 0;
      const staff = as(platform, root);
      await broker.kill();
      const refused = await send("heartbeat");
      expect([refused.statusCode, refused.headers["retry-after"], refused.json().code]).toEqual([
        503,
        "5",
        "unavailable",
      ]);
      const startedMs = performance.now();
      expect((await send("heartbeat")).statusCode).toBe(503);
      // Nobody waits for a broker that is known to be gone.
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      expect((await staff.get("/readyz")).json()).toMatchObject({ status: 503, detail: "kafka" });
      expect((await staff.get("/livez")).statusCode).toBe(200);
      expect((await staff.get("/v1/titles")).statusCode).toBe(200);
      const made = await staff.post("/v1/titles", { body: { kind: "film", title: "While away" } });
      succeeded(made);

      await broker.start();
      const backMs = performance.now();
      await vi.waitFor(async () => expect((await send("heartbeat")).statusCode).toBe(200), {
        timeout: 5_000,
      });
      await vi.waitFor(async () => expect((await staff.get("/readyz")).statusCode).toBe(200), {
        timeout: 5_000,
      });
      await expectAll();
      expect(performance.now() - backMs).toBeLessThan(5_000);
      await vi.waitFor(() => expect(messages()).toContain("KAFKA_BROKERS: Kafka can be used again"));
      expect(messages().filter((text) => /KAFKA|relayed/.test(text))).toEqual([
        expect.stringMatching(/^KAFKA_BROKERS=.*: no broker answers .*Check that.*answered with 503\.$/),
        "KAFKA_BROKERS: Kafka can be used again",
      ]);
    }, 40_000);

    const messages = () => logged.map((line) => String(JSON.parse(line).msg));
  });
});

function eventId(): string {
  return randomUUID().replace(/^(.{14})./, "$17");
}

function heartbeat() {
  return { event_id: eventId(), seq: 0, client_ts: new Date().toISOString(), type: "heartbeat" };
}

async function readUntil(response: Response, wanted: string): Promise<string> {
  let read = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    read += chunk;
    if (read.includes(wanted)) return read;
  }
  throw new Error(`The stream ended after ${read}`);
}
