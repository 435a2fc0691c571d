import { type ChannelModel, connect, type ConfirmChannel, type ConsumeMessage } from "amqplib";
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
  /** Gives it back at once, for another consumer. */
  giveBack(delivery: Delivery): void;
}

export interface SendOptions {
  replyTo?: string;
  correlationId?: string;
  expirationMs?: number;
}

/** Tasks survive the broker and are counted; the answers to a run are only of use as long as somebody waits for them. */
export type QueueKind = { kind: "tasks" } | { kind: "replies"; expiresMs: number };

/** A task that made this many workers disappear is not given to another one. */
export const deliveryLimit = 5;
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
    send: (queue, body, options = {}) => send(channel, unroutable, { queue, body, ...options }),
    acknowledge: (delivery) => quietly(() => channel.ack(delivery)),
    giveBack: (delivery) => quietly(() => channel.nack(delivery, false, true)),
  };
}

function queueOptions(kind: QueueKind) {
  if (kind.kind === "replies") return { durable: true, expires: kind.expiresMs };
  return {
    durable: true,
    arguments: {
      "x-queue-type": "quorum",
      "x-delivery-limit": deliveryLimit,
      "x-consumer-timeout": consumerTimeoutMs,
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
  { queue, body, expirationMs, ...rest }: { queue: string; body: object } & SendOptions,
): Promise<boolean> {
  const messageId = String((lastMessage += 1));
  const expiration = expirationMs === undefined ? {} : { expiration: String(expirationMs) };
  const options = { persistent: true, mandatory: true, messageId, ...expiration, ...rest };
  return new Promise((resolve, reject) => {
    const confirmed = (error: Error | null): void => {
      if (error) reject(error);
      else resolve(!unroutable.delete(messageId));
    };
    channel.sendToQueue(queue, Buffer.from(JSON.stringify(body)), options, confirmed);
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
