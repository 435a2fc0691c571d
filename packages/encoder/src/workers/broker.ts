import { type ChannelModel, connect, type ConfirmChannel, type ConsumeMessage, type Options } from "amqplib";
import { EncoderError } from "../errors.ts";

/** The only file that uses amqplib. */

export interface Broker {
  /** Ends the connection; what was not acknowledged goes to somebody else. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  /** `amqp://user:password@host:port/vhost`, or amqps. */
  url: string;
  /** Runs after every connection, the first and each after a loss; queues are declared and consumed here. */
  setup(channel: BrokerChannel): Promise<void>;
  onLost?: ((error: Error) => void) | undefined;
}

export type Delivery = ConsumeMessage;

export interface BrokerChannel {
  declare(queue: string, kind: QueueKind): Promise<void>;
  remove(queue: string): Promise<void>;
  /** How many wait, and how many consumers there are. */
  inspect(queue: string): Promise<{ messages: number; consumers: number }>;
  /** At most `prefetch` at a time are unacknowledged. The answer stops the deliveries. */
  consume(
    queue: string,
    prefetch: number,
    deliver: (delivery: Delivery) => void,
  ): Promise<() => Promise<void>>;
  /** Once the broker has it on its disk; false where no such queue is there any more. */
  send(queue: string, body: object, options?: SendOptions): Promise<boolean>;
  acknowledge(delivery: Delivery): void;
  /** Gives it to another consumer, as new: only who disappears with a task counts against it. */
  giveBack(queue: string, delivery: Delivery): Promise<void>;
}

export interface SendOptions {
  replyTo?: string;
  correlationId?: string;
  expirationMs?: number;
}

/**
 * Tasks survive the broker; one that so many consumers disappeared with goes to the dead letters. The answers to a run are only of use as long as
 * somebody waits for them.
 */
export type QueueKind =
  | { kind: "tasks"; deliveries: number; deadLetters: string }
  | { kind: "dead letters" }
  | { kind: "replies"; expiresMs: number };

const heartbeatSeconds = 15;
/** A chunk of a slow codec takes longer than the broker's own half hour. */
const consumerTimeoutMs = 6 * 3600 * 1000;

export async function connectBroker({ url, setup, onLost }: BrokerOptions): Promise<Broker> {
  const recovery = {
    initialMaxRetries: 3,
    initialDelay: 200,
    maxDelay: 5_000,
    setup: async (model: ChannelModel): Promise<void> => setup(await openChannel(model)),
  };
  const connection = await connect(withHeartbeat(url), { recovery, timeout: 10_000 }).catch(
    (cause: unknown) => {
      throw unreachable(url, cause);
    },
  );
  // An `error` that nobody hears ends the process; the loss that follows it is what counts.
  connection.on("error", () => {});
  connection.on("disconnect", (error) => onLost?.(error));
  return { close: () => connection.close().catch(() => {}) };
}

async function openChannel(model: ChannelModel): Promise<BrokerChannel> {
  // Before the setup is over the recovery does not listen to it.
  model.on("error", () => {});
  const channel = await model.createConfirmChannel();
  channel.on("error", () => {});
  const unroutable = watchReturns(channel);
  return {
    async declare(queue, kind) {
      await channel.assertQueue(queue, queueOptions(kind));
    },
    async remove(queue) {
      await channel.deleteQueue(queue);
    },
    async inspect(queue) {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      return { messages: messageCount, consumers: consumerCount };
    },
    async consume(queue, prefetch, deliver) {
      await channel.prefetch(prefetch);
      const { consumerTag } = await channel.consume(queue, (message) => message && deliver(message));
      return async () => void (await channel.cancel(consumerTag));
    },
    send(queue, body, { expirationMs, ...options } = {}) {
      const expiration = expirationMs === undefined ? {} : { expiration: String(expirationMs) };
      const content = Buffer.from(JSON.stringify(body));
      return send(channel, unroutable, { queue, content, ...expiration, ...options });
    },
    acknowledge: (delivery) => quietly(() => channel.ack(delivery)),
    async giveBack(queue, delivery) {
      const { content, properties } = delivery;
      const { replyTo, expiration } = properties;
      // Where the channel is gone the broker has given it away already.
      await send(channel, unroutable, { queue, content, replyTo, expiration }).catch(() => {});
      quietly(() => channel.ack(delivery));
      // A quorum queue forgets an acknowledgement that is followed by the connection's end; what it answers comes after it.
      await channel.checkQueue(queue).catch(() => {});
    },
  };
}

function queueOptions(kind: QueueKind) {
  if (kind.kind === "replies") return { durable: true, expires: kind.expiresMs };
  if (kind.kind === "dead letters") return { durable: true, arguments: { "x-queue-type": "quorum" } };
  return {
    durable: true,
    arguments: {
      "x-queue-type": "quorum",
      "x-delivery-limit": kind.deliveries - 1,
      "x-consumer-timeout": consumerTimeoutMs,
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": kind.deadLetters,
      // A letter that got lost would leave its run waiting; at least once wants the other option too.
      "x-dead-letter-strategy": "at-least-once",
      "x-overflow": "reject-publish",
    },
  };
}

/** Message ids that the broker had no queue for; it says so before it confirms them. */
function watchReturns(channel: ConfirmChannel): Set<string> {
  const unroutable = new Set<string>();
  channel.on("return", ({ properties }) => unroutable.add(String(properties.messageId)));
  return unroutable;
}

let lastMessage = 0;

function send(
  channel: ConfirmChannel,
  unroutable: Set<string>,
  { queue, content, ...rest }: { queue: string; content: Buffer } & Options.Publish,
): Promise<boolean> {
  const messageId = String((lastMessage += 1));
  const options = { persistent: true, mandatory: true, messageId, ...rest };
  return new Promise((resolve, reject) => {
    const confirmed = (error: Error | null): void => {
      if (error) reject(error);
      else resolve(!unroutable.delete(messageId));
    };
    channel.sendToQueue(queue, content, options, confirmed);
  });
}

/** On a channel that is gone there is nothing to acknowledge: the broker has given the task away already. */
function quietly(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "IllegalOperationError") throw error;
  }
}

function withHeartbeat(url: string): string {
  const parsed = parseUrl(url);
  parsed.searchParams.set("heartbeat", String(heartbeatSeconds));
  return parsed.href;
}

function parseUrl(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed && /^amqps?:$/.test(parsed.protocol)) return parsed;
  throw new EncoderError("broker_not_valid", {
    message: "AMQP_URL is not the address of a broker.",
    hint: "Write it as amqp://user:password@host:5672/vhost.",
  });
}

function unreachable(url: string, cause: unknown): EncoderError {
  const { host, pathname } = parseUrl(url);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EncoderError("broker_unreachable", {
    message: `The broker at ${host}${pathname} did not let us in: ${reason}.`,
    hint: "Check AMQP_URL: host, port, user, password and virtual host, and that RabbitMQ runs there.",
    cause,
  });
}
