import type { FastifyBaseLogger } from "fastify";
import { withinMs } from "../../kernel/within-ms.ts";
import { createDirectQueue } from "./direct.ts";
import type { JobQueue, RunJob } from "./job-queue.ts";
import type { BrokerLocation } from "./location.ts";
import { BrokerLink, type Channel, type Message } from "./rabbitmq/link.ts";

/** So often is a message given to another process; when the fifth goes away with it, it is put aside. */
const deliveryLimit = 4;
/** The latest of those, for whoever looks into it. */
const deadLettersKept = 1_000;
/** Of a module; the process decides how many run at once. */
const prefetch = 1;
const confirmMs = 2_000;
/** A queue from which nobody takes is not missed: the table has what is due. */
const expiresMs = 24 * 3_600_000;

/**
 * Jobs on quorum queues, one a module, so that a process gets those of the modules that it serves. The table stays what
 * decides who runs a job: a message that comes twice, or late, finds it leased or not due. While the broker is away jobs
 * run where they are found due.
 */
export function createRabbitQueue({ url, prefix }: BrokerLocation, log: FastifyBaseLogger): JobQueue {
  const direct = createDirectQueue(log);
  const running = new Set<Promise<void>>();
  let stopConsuming = () => Promise.resolve();
  let isStopping = false;
  let link: BrokerLink | undefined;

  const deliver = (channel: Channel, message: Message, run: RunJob) => {
    const ended = run(nameIn(message))
      .catch((error: unknown) => log.warn({ err: error }, "a background job could not be begun"))
      .finally(() => {
        running.delete(ended);
        settle(channel, message, isStopping);
      });
    running.add(ended);
  };

  return {
    get shared() {
      return link?.channel !== undefined;
    },
    async offer(name) {
      const channel = link?.channel;
      const kept =
        channel === undefined
          ? Promise.reject(new Error("no broker"))
          : send(channel, queueOf(prefix, name), name);
      await kept.catch(() => direct.offer(name));
    },
    async start(names, run) {
      await direct.start(names, run);
      const queues = [...new Set(names.map((name) => queueOf(prefix, name)))];
      link = new BrokerLink({
        url,
        log,
        async prepare(channel) {
          await declare(channel, deadLettersOf(prefix), queues);
          await channel.prefetch(prefetch);
          const take = (message: Message | null) => message && deliver(channel, message, run);
          const consumers = await Promise.all(queues.map((queue) => channel.consume(queue, take)));
          stopConsuming = async () => {
            for (const { consumerTag } of consumers) await channel.cancel(consumerTag);
          };
        },
      });
      await link.start();
    },
    async stop() {
      isStopping = true;
      // Without a connection nothing is handed out.
      await withinMs(stopConsuming(), confirmMs).catch(() => {});
      await Promise.all([...running, direct.stop()]);
      await link?.stop();
    },
    async check() {
      link?.check();
    },
  };
}

function queueOf(prefix: string, name: string): string {
  const [module = ""] = name.split(".", 1);
  return `${prefix}.jobs.${module}`;
}

function deadLettersOf(prefix: string): string {
  return `${prefix}.dead-jobs`;
}

async function declare(channel: Channel, dead: string, queues: readonly string[]): Promise<void> {
  const quorum = { "x-queue-type": "quorum" };
  await channel.assertQueue(dead, { arguments: { ...quorum, "x-max-length": deadLettersKept } });
  for (const queue of queues) {
    await channel.assertQueue(queue, {
      arguments: {
        ...quorum,
        "x-expires": expiresMs,
        "x-delivery-limit": deliveryLimit,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead,
      },
    });
  }
}

/** Resolves once a majority of the queue's replicas has it on disk. */
async function send(channel: Channel, queue: string, name: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const body = Buffer.from(JSON.stringify({ job: name }));
  const options = { persistent: true, contentType: "application/json" };
  channel.sendToQueue(queue, body, options, (error) => (error ? reject(error) : resolve()));
  let isKept = false;
  await withinMs(
    promise.then(() => (isKept = true)),
    confirmMs,
  );
  if (!isKept) throw new Error("The broker did not confirm in time");
}

/** A process that ends gives back what it may not have begun; what it did run is not due for the next one. */
function settle(channel: Channel, message: Message, isStopping: boolean): void {
  try {
    if (isStopping) channel.nack(message, false, true);
    else channel.ack(message);
  } catch {
    // The channel is gone, and the broker has given the message to somebody else.
  }
}

function nameIn({ content }: Message): string {
  try {
    return String(Object(JSON.parse(content.toString())).job);
  } catch {
    return "";
  }
}
