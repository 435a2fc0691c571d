import { randomUUID } from "node:crypto";
import { connect } from "amqplib";
import pino from "pino";
import { beforeAll, afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { rabbitmq } from "../../../../../tools/engines/rabbitmq.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { openKernelDatabase, type KernelDatabase } from "../../kernel/testing/kernel-database.ts";
import { openJobQueue } from "./open-job-queue.ts";
import { dieOf } from "./testing/die-of.ts";
import { describeJobQueue } from "./testing/job-queue-suite.ts";
import { startOwnRabbitmq } from "./testing/own-rabbitmq.ts";

const newPrefix = () => `flix-test-${randomUUID()}`;

/** A queue that runs what it hands out into a list, and its log. */
async function openQueue(url: string, prefix = newPrefix()) {
  const lines: { level: number; msg: string }[] = [];
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
  const queue = await openJobQueue({ url, prefix }, log);
  const ran: string[] = [];
  onTestFinished(() => queue.stop());
  await queue.start(["media.sweep", "billing.renew"], async (name) => void ran.push(name));
  return { queue, ran, lines };
}

describeWith(rabbitmq, "RabbitMQ", ({ url }) => {
  describeJobQueue("jobs through RabbitMQ", { url, prefix: newPrefix() });

  describe("a message that five processes went away with", () => {
    let database: KernelDatabase;
    beforeAll(async () => {
      database = await openKernelDatabase();
    });
    afterAll(() => database.close());

    it("is put aside by the broker, where it can be looked at", async () => {
      const prefix = newPrefix();
      const { connectionString } = database;
      const options = { connectionString, broker: { url, prefix }, job: "test.deadly", leaseMs: 1_000 };
      for (let death = 1; death <= 5; death += 1) expect(await dieOf(options)).toBe("SIGKILL");
      const connection = await connect(url);
      onTestFinished(() => connection.close());
      const channel = await connection.createChannel();
      const message = await vi.waitFor(async () => {
        const found = await channel.get(`${prefix}.dead-jobs`);
        if (found === false) throw new Error("There is none");
        return found;
      }, 20_000);
      expect(JSON.parse(message.content.toString())).toEqual({ job: "test.deadly" });
      expect(message.properties.headers?.["x-first-death-reason"]).toBe("delivery_limit");
    });
  });

  it("hands each module's jobs to a process that serves it", async () => {
    const prefix = newPrefix();
    const log = pino({ level: "silent" });
    const [media, billing] = [
      await openJobQueue({ url, prefix }, log),
      await openJobQueue({ url, prefix }, log),
    ];
    onTestFinished(async () => void (await Promise.all([media.stop(), billing.stop()])));
    const ran: string[] = [];
    await media.start(["media.sweep"], async (name) => void ran.push(`media runs ${name}`));
    await billing.start(["billing.renew"], async (name) => void ran.push(`billing runs ${name}`));
    await media.offer("media.sweep");
    await billing.offer("billing.renew");
    await vi.waitFor(() =>
      expect(ran.toSorted()).toEqual(["billing runs billing.renew", "media runs media.sweep"]),
    );
  });

  it.each([
    ["a wrong password", (to: URL) => void (to.password = "c4n4ry"), /does not take the credentials/],
    ["an unknown virtual host", (to: URL) => void (to.pathname = "/nowhere"), /virtual host/],
    ["a port where nobody listens", (to: URL) => void (to.port = "1"), /does not answer.*Check that it runs/],
  ])("%s is told once, with what to do; jobs run here meanwhile", async (_, spoil, told) => {
    const wrong = new URL(url);
    spoil(wrong);
    const { queue, ran, lines } = await openQueue(wrong.href);
    expect(queue.shared).toBe(false);
    await queue.offer("media.sweep");
    await vi.waitFor(() => expect(ran).toEqual(["media.sweep"]));
    await expect(queue.check()).rejects.toThrow(told);
    expect(lines.map(({ msg }) => msg)).toEqual([expect.stringMatching(told)]);
    expect(lines[0]?.msg).toMatch(/^AMQP_URL=amqp:/);
    expect(JSON.stringify(lines)).not.toContain("c4n4ry");
  });

  it("survives a broker that is killed: jobs run here until it is back", { timeout: 180_000 }, async () => {
    const broker = await startOwnRabbitmq();
    const { queue, ran, lines } = await openQueue(broker.url);
    await queue.offer("media.sweep");
    await vi.waitFor(() => expect(ran).toHaveLength(1));
    await broker.kill();
    await vi.waitFor(() => expect(queue.shared).toBe(false));
    await queue.offer("billing.renew");
    await vi.waitFor(() => expect(ran).toHaveLength(2));
    await broker.restart();
    await vi.waitFor(() => queue.check(), 15_000);
    expect(queue.shared).toBe(true);
    await queue.offer("media.sweep");
    await vi.waitFor(() => expect(ran).toHaveLength(3));
    expect(lines.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^AMQP_URL=.*Until then background jobs run where they are found due/),
      expect.stringMatching(/is back/),
    ]);
  });
});
