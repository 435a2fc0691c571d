import { randomUUID } from "node:crypto";
import { connect } from "amqplib";
import type { FastifyBaseLogger } from "fastify";
import { findAccess, whyMissing } from "../../../tools/engines/find-access.ts";
import { rabbitmq } from "../../../tools/engines/rabbitmq.ts";
import { moduleNames, type Config } from "../src/config.ts";
import { openJobQueue } from "../src/engines/jobs/open-job-queue.ts";
import { embedded, type TestEngine } from "./test-engine.ts";

const owners = [...moduleNames, "kernel"];

/** Jobs run where they are found due, or by RabbitMQ where the run is about it: from queues of the platform's own. */
export function testJobs(): TestEngine {
  if (process.env["FLIX_TEST_JOBS"] !== "rabbitmq") return embedded;
  const access = findAccess(rabbitmq);
  if (access === undefined) throw new Error(`This run ${whyMissing(rabbitmq)}`);
  const prefix = `test-${randomUUID()}`;
  return {
    environment: { AMQP_URL: access.url, FLIX_AMQP_PREFIX: prefix },
    remove: () => removeJobs(access.url, [prefix, atOnce(prefix)]),
  };
}

type RunJob = (name: string) => Promise<void>;

/** What a test runs goes the way of what is due: through the broker of the run, to a process that takes it from there. */
export function jobsThroughBroker(
  { amqp }: Config,
  log: FastifyBaseLogger,
  run: RunJob,
): { runJob: RunJob; stop(): Promise<void> } {
  if (amqp === undefined) return { runJob: run, stop: async () => {} };
  const running = new Map<string, PromiseWithResolvers<void>>();
  const take: RunJob = async (name) => {
    const ended = run(name);
    running.get(name)?.resolve(ended);
    await ended.catch(() => {});
  };
  const open = async () => {
    const queue = await openJobQueue({ ...amqp, prefix: atOnce(amqp.prefix) }, log);
    await queue.start(
      owners.map((owner) => `${owner}.any`),
      take,
    );
    return queue;
  };
  let opened: ReturnType<typeof open> | undefined;
  return {
    async runJob(name) {
      const queue = await (opened ??= open());
      const ended = Promise.withResolvers<void>();
      running.set(name, ended);
      if (!queue.shared) throw new Error("The broker of the run is away");
      await queue.offer(name);
      await ended.promise;
    },
    stop: async () => (await opened)?.stop(),
  };
}

/** Beside the queues from which the platform itself takes what is due. */
function atOnce(prefix: string): string {
  return `${prefix}-at-once`;
}

/** Removes the queues of platforms. */
export async function removeJobs(url: string, prefixes: readonly string[]): Promise<void> {
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    for (const prefix of prefixes) {
      for (const owner of owners) await channel.deleteQueue(`${prefix}.jobs.${owner}`);
      await channel.deleteQueue(`${prefix}.dead-jobs`);
    }
  } finally {
    await connection.close();
  }
}
