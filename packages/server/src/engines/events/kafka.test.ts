import { randomUUID } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { Kafka, logLevel } from "kafkajs";
import pino from "pino";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { freePort } from "../../../../../tools/engines/free-port.ts";
import { kafka } from "../../../../../tools/engines/kafka.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import type { EventStream, StreamMessage, Subscription } from "./event-stream.ts";
import { openKafkaStream } from "./kafka.ts";
import type { KafkaLocation } from "./location.ts";
import { describeEventStream, message, units } from "./testing/event-stream-suite.ts";

const log = pino({ level: process.env["FLIX_TEST_LOG"] ?? "silent" });

describeWith(kafka, "Kafka", (access) => {
  const run = `test-${randomUUID()}`;
  const brokers = access.brokers.split(",");
  const location = (prefix = `${run}-${randomUUID()}`): KafkaLocation => ({
    brokers,
    prefix,
    tls: undefined,
    sasl: undefined,
    partitions: 3,
    replication: undefined,
    minInSync: undefined,
  });
  const client = new Kafka({ brokers, logLevel: logLevel.NOTHING });

  afterAll(async () => {
    const admin = client.admin();
    await admin.connect();
    const ours = (await admin.listTopics()).filter((topic) => topic.startsWith(run));
    await admin.deleteTopics({ topics: ours });
    await admin.disconnect();
  });

  describeEventStream("a stream through Kafka", () => openKafkaStream(location(), log));

  const deadLetters: string[] = [];
  async function running(
    at: KafkaLocation,
    note: (messages: StreamMessage[]) => Promise<unknown>,
  ): Promise<EventStream> {
    const stream = await openKafkaStream(at, log);
    const handle: Subscription["handle"] = async (messages) => {
      await note(messages);
      return messages.map(() => 1);
    };
    stream.subscribe({ topic: "player-events", group: "a", handle });
    stream.start({ units, onDeadLetter: (topic) => void deadLetters.push(topic) });
    onTestFinished(async () => {
      await stream.stop();
      await stream.close();
    });
    return stream;
  }

  const publish = (stream: EventStream, ...messages: StreamMessage[]) =>
    stream.publish(units.read(), "player-events", messages);

  it("puts a message aside that cannot be handled, with the reason, and goes on with those beside it", async () => {
    const at = location();
    const handled: string[] = [];
    const stream = await running(at, async (messages) => {
      if (messages.some(({ value }) => value === "poison")) throw new Error("this is no event");
      return handled.push(...messages.map(({ value }) => value));
    });
    await publish(
      stream,
      message("k", "before"),
      message("k", "poison", { kept: "yes" }),
      message("k", "after"),
    );
    await expect.poll(() => handled, { timeout: 10_000 }).toEqual(["before", "after"]);
    expect(deadLetters).toEqual(["player-events"]);
    const [dead] = await readTopic(`${at.prefix}.player-events.dead`, 1);
    expect(dead).toEqual({
      key: "k",
      value: "poison",
      headers: {
        kept: "yes",
        "dead-topic": `${at.prefix}.player-events`,
        "dead-partition": expect.stringMatching(/^\d$/),
        "dead-offset": "1",
        "dead-reason": "this is no event",
      },
    });
  });

  it("waits for a database that is gone, longer than it would try a poison, and repeats nothing that was handled", async () => {
    let failures = 5;
    const handled: string[] = [];
    const stream = await running(location(), async (messages) => {
      if (failures-- > 0) throw Object.assign(new Error("gone"), { code: "ECONNREFUSED" });
      return handled.push(...messages.map(({ value }) => value));
    });
    await publish(stream, message("k", "1"), message("k", "2"));
    await expect.poll(() => handled, { timeout: 10_000 }).toEqual(["1", "2"]);
    await publish(stream, message("k", "3"));
    await expect.poll(() => handled, { timeout: 10_000 }).toEqual(["1", "2", "3"]);
  });

  it("shares the partitions among the processes of a group; one that stops leaves its own at once", async () => {
    const at = location();
    const shares: Set<string>[] = [new Set(), new Set()];
    const noting = (share: Set<string> | undefined) => async (messages: StreamMessage[]) => {
      for (const { key } of messages) share?.add(key);
    };
    const [first, second] = [await running(at, noting(shares[0])), await running(at, noting(shares[1]))];
    const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
    const publishAll = () => publish(first, ...keys.map((key) => message(key, "x")));
    await vi.waitFor(
      async () => {
        for (const share of shares) share.clear();
        await publishAll();
        await vi.waitFor(() =>
          expect(shares.flatMap((share) => [...share]).toSorted()).toEqual(keys.toSorted()),
        );
        for (const share of shares) expect(share.size).toBeGreaterThan(0);
      },
      { timeout: 15_000 },
    );
    await second.stop();
    shares[0]?.clear();
    const startedMs = performance.now();
    await publishAll();
    await expect.poll(() => shares[0]?.size, { timeout: 10_000 }).toBe(keys.length);
    // A session that nobody ended lasts 6 s.
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it("takes more at once than a broker takes in one batch, in its order", async () => {
    const handled: string[] = [];
    const stream = await running(location(), async (messages) =>
      handled.push(...messages.map(({ value }) => value.slice(0, 1))),
    );
    const names = ["1", "2", "3", "4"];
    await publish(stream, ...names.map((name) => message("k", name + "x".repeat(800_000))));
    await expect.poll(() => handled, { timeout: 10_000 }).toEqual(names);
  });

  it("refuses at once a message that the broker will never take, and goes on", async () => {
    const handled: string[] = [];
    const stream = await running(location(), async (messages) =>
      handled.push(...messages.map(({ value }) => value)),
    );
    const [tooLarge, small] = await Promise.allSettled([
      publish(stream, message("k", "x".repeat(2_000_000))),
      publish(stream, message("k", "small")),
    ]);
    expect(tooLarge).toMatchObject({ reason: { message: expect.stringMatching(/larger than/) } });
    expect(small.status).toBe("fulfilled");
    await expect.poll(() => handled, { timeout: 10_000 }).toEqual(["small"]);
  });

  it("leaves topics that are there as they are, and two starters race without harm", async () => {
    const at = location();
    const both = await Promise.all([openKafkaStream(at, log), openKafkaStream(at, log)]);
    await Promise.all(both.map((stream) => stream.close()));
    await (await openKafkaStream({ ...at, partitions: 9 }, log)).close();
    const admin = client.admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [`${at.prefix}.events`] });
    await admin.disconnect();
    expect(topics[0]?.partitions).toHaveLength(3);
  });

  describe("what cannot be used is told at the start", () => {
    it("nobody there", async () => {
      const nowhere = `127.0.0.1:${await freePort()}`;
      await expect(openKafkaStream({ ...location(), brokers: [nowhere] }, log)).rejects.toMatchObject({
        code: "kafka_unreachable",
        message: expect.stringMatching(
          new RegExp(`^KAFKA_BROKERS=${nowhere}: no broker answers \\(.*ECONNREFUSED`),
        ),
      });
    });

    it("somebody else", async () => {
      const server = createServer(
        (socket) => void socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n"),
      );
      await once(server.listen(0, "127.0.0.1"), "listening");
      onTestFinished(() => void server.close());
      const { port } = server.address() as AddressInfo;
      await expect(
        openKafkaStream({ ...location(), brokers: [`127.0.0.1:${port}`] }, log),
      ).rejects.toMatchObject({ code: "kafka_unreachable" });
    });

    it("a listener without TLS, and one without passwords", async () => {
      await expect(openKafkaStream({ ...location(), tls: { ca: undefined } }, log)).rejects.toMatchObject({
        message: expect.stringMatching(/^KAFKA_BROKERS=.* FLIX_KAFKA_TLS/),
      });
      const sasl = { mechanism: "plain", username: "flix", password: "c4n4ry" } as const;
      const refused = openKafkaStream({ ...location(), sasl }, log);
      await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(/FLIX_KAFKA_SASL/) });
      await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining("c4n4ry") });
    });

    it("more replicas than brokers", async () => {
      await expect(openKafkaStream({ ...location(), replication: 3 }, log)).rejects.toMatchObject({
        code: "kafka_topic_missing",
        message: expect.stringMatching(/\.events, .*Replication-factor is invalid.*FLIX_KAFKA_REPLICATION/),
      });
    });
  });

  async function readTopic(topic: string, count: number): Promise<StreamMessage[]> {
    const consumer = client.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 100 });
    const read: StreamMessage[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message: { key, value, headers = {} } }) => {
        const texts = Object.entries(headers).map(([name, header]) => [name, String(header)]);
        read.push({ key: String(key), value: String(value), headers: Object.fromEntries(texts) });
      },
    });
    await vi.waitFor(() => expect(read).toHaveLength(count), { timeout: 10_000 });
    await consumer.disconnect();
    return read;
  }
});
