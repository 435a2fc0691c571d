import { setTimeout as delay } from "node:timers/promises";
import { Partitioners, type Kafka, type Producer } from "kafkajs";
import { FlixError } from "../../../kernel/errors.ts";
import type { StreamMessage } from "../event-stream.ts";
import type { Availability } from "./availability.ts";
import { isRefusal } from "./faults.ts";

interface Waiting {
  topic: string;
  messages: StreamMessage[];
  bytes: number;
  /** Its publisher has been answered. */
  settled: boolean;
  settle: (error?: unknown) => void;
}

export interface SenderOptions {
  kafka: Kafka;
  availability: Availability;
  /** How long a publisher waits for the broker. */
  deadlineMs: number;
}

const pauseMs = 250;
/** After this long publishers no longer wait for the broker's return. */
const knownLostMs = 1_000;
/** A record batch has to fit into the broker's `message.max.bytes`, 1 MiB unless told otherwise. */
const batchBytes = 900_000;
const waitingBytes = 16 * 1024 * 1024;

/**
 * Sends one batch at a time, by an idempotent producer, acknowledged by all replicas in sync; what is published meanwhile goes
 * together in the next. kafkajs takes back a sequence number when a request fails, so with two under way the broker may take
 * the second for the repeat of the first and acknowledge what it never wrote. For the same reason a producer whose batch
 * failed for good is not used again.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #producer: ConnectedProducer | undefined;
  #running: Promise<void> | undefined;
  #lostAtMs: number | undefined;
  /** After a failure: what cannot be sent must not hold up what can. */
  #oneByOne = false;
  #sendingFailed = false;
  #closed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Throws when the broker cannot be used. */
  async connect(): Promise<void> {
    this.#producer = await connectProducer(this.#options.kafka);
  }

  /** Whether the last try to reach the broker failed. */
  get lost(): boolean {
    return this.#lostAtMs !== undefined;
  }

  async publish(topic: string, messages: StreamMessage[]): Promise<void> {
    const parts = partsOf(messages);
    await Promise.all(parts.map((part) => this.#enqueue(topic, part.messages, part.bytes)));
  }

  #enqueue(topic: string, messages: StreamMessage[], bytes: number): Promise<void> {
    const { deadlineMs } = this.#options;
    const lostForMs = performance.now() - (this.#lostAtMs ?? Number.POSITIVE_INFINITY);
    if (this.#closed || lostForMs > knownLostMs || this.#bytes + bytes > waitingBytes)
      return Promise.reject(unavailable());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.settle(unavailable()), deadlineMs);
      const waiting: Waiting = {
        topic,
        messages,
        bytes,
        settled: false,
        settle: (error) => {
          if (waiting.settled) return;
          waiting.settled = true;
          clearTimeout(timer);
          this.#bytes -= bytes;
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      this.#bytes += bytes;
      this.#waiting.push(waiting);
      this.#run();
    });
  }

  /** Sends what is waiting; when the broker is gone, until its publishers have given up. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.#producer?.disconnect();
  }

  #run(): void {
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = undefined;
      // Published after the last look.
      if (this.#waiting.length > 0) this.#run();
    });
  }

  /** Goes on while the broker is lost, so that its return is noticed before somebody publishes. */
  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0 || (this.lost && !this.#closed)) {
      const batch = this.#take();
      try {
        this.#producer ??= await connectProducer(this.#options.kafka);
        if (batch.length > 0) await this.#producer.send(batch);
        for (const { settle } of batch) settle();
        this.#found(batch.length > 0);
      } catch (error) {
        await this.#recover(batch, error);
      }
    }
  }

  /** A connection alone does not say that replicas are in sync again. */
  #found(sent: boolean): void {
    this.#oneByOne = false;
    this.#lostAtMs = undefined;
    if (sent || !this.#sendingFailed) this.#options.availability.back("publishing");
    if (sent) this.#sendingFailed = false;
  }

  async #recover(batch: Waiting[], error: unknown): Promise<void> {
    const failed = this.#producer;
    this.#producer = undefined;
    // A connection that hangs is not waited for.
    void failed?.disconnect();
    if (isRefusal(error) && batch.length === 1) {
      batch[0]?.settle(error);
      return;
    }
    this.#waiting.unshift(...batch);
    this.#oneByOne = true;
    if (isRefusal(error)) return;
    this.#lostAtMs ??= performance.now();
    this.#sendingFailed = failed !== undefined;
    this.#options.availability.lost("publishing", error);
    await delay(pauseMs);
  }

  #take(): Waiting[] {
    const batch: Waiting[] = [];
    let bytes = 0;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (batch.length > 0 && (this.#oneByOne || bytes + next.bytes > batchBytes)) break;
      this.#waiting.shift();
      if (next.settled) continue;
      batch.push(next);
      bytes += next.bytes;
    }
    return batch;
  }
}

interface ConnectedProducer {
  send(batch: Waiting[]): Promise<void>;
  disconnect(): Promise<void>;
}

/** Of a request; a broker that has fewer replicas in sync than it must have says so after it. */
const produceMs = 3_000;

async function connectProducer(kafka: Kafka): Promise<ConnectedProducer> {
  const chosen = new Set<string>();
  const choose = Partitioners.DefaultPartitioner();
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { retries: 1 },
    createPartitioner: () => (message) => {
      const partition = choose(message);
      chosen.add(`${message.topic} ${partition}`);
      return partition;
    },
  });
  await connectOrLeave(producer);
  return {
    async send(batch) {
      chosen.clear();
      const topicMessages = batch.map(({ topic, messages }) => ({ topic, messages }));
      const written = await producer.sendBatch({ acks: -1, timeout: produceMs, topicMessages });
      // When a partition's leader moves to a broker that has answered already, kafkajs forgets what was meant for it.
      for (const { topicName, partition } of written) chosen.delete(`${topicName} ${partition}`);
      if (chosen.size > 0) throw new Error(`Nothing was acknowledged for ${[...chosen].join(", ")}`);
    },
    disconnect: () => producer.disconnect().catch(() => undefined),
  };
}

async function connectOrLeave(producer: Producer): Promise<void> {
  try {
    await producer.connect();
  } catch (error) {
    await producer.disconnect().catch(() => undefined);
    throw error;
  }
}

interface Part {
  messages: StreamMessage[];
  bytes: number;
}

/** In their order, each no larger than a batch unless one message is. */
function partsOf(messages: StreamMessage[]): Part[] {
  const parts: Part[] = [];
  for (const message of messages) {
    const bytes = bytesOf(message);
    const last = parts.at(-1);
    if (last === undefined || last.bytes + bytes > batchBytes) parts.push({ messages: [message], bytes });
    else {
      last.messages.push(message);
      last.bytes += bytes;
    }
  }
  return parts;
}

function bytesOf({ key, value, headers }: StreamMessage): number {
  const fields = [key, value, ...Object.entries(headers).flat()];
  return fields.reduce((sum, field) => sum + Buffer.byteLength(field), 100);
}

function unavailable(): FlixError {
  return new FlixError("unavailable", {
    detail: "The events could not be kept; send them again.",
    headers: { "retry-after": "5" },
  });
}
