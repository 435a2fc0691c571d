import { setTimeout as delay } from "node:timers/promises";
import type { FastifyBaseLogger } from "fastify";
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from "kafkajs";
import { retryAfterDatabaseFault } from "../../../kernel/database-faults.ts";
import type { StreamMessage, StreamRuntime, Subscription } from "../event-stream.ts";
import type { Availability } from "./availability.ts";

export interface ConsumptionOptions {
  kafka: Kafka;
  log: FastifyBaseLogger;
  availability: Availability;
  subscription: Subscription;
  runtime: StreamRuntime;
  /** Of the broker. */
  topic: string;
  group: string;
  /** Puts a message aside; resolves once the broker has it. */
  bury: (message: StreamMessage) => Promise<void>;
}

/** As short as brokers allow unless told otherwise: a killed process is replaced that soon. */
const sessionMs = 6_000;
const heartbeatMs = 1_000;
const fetchMs = 500;
const fetchBytes = 2 * 1024 * 1024;
/** Handled in one unit. */
const together = 50;
/** Of a message that is handled alone. */
const attempts = 3;
const pauseMs = 500;

/**
 * One process's share of a subscription:
 *
 *   join -> fetch -> handle in a unit -> commit of the unit -> commit of the offset -> fetch ...
 *
 * A crash between the two commits repeats messages, which handlers drop. While the database is gone nothing is fetched and the
 * membership is kept. A handler that throws for many gets them one by one; what it throws for alone goes to the dead letters.
 * kafkajs rides out a short outage of the broker with its membership; when it gives up, another consumer is made here, since
 * its own restart goes on after a stop.
 */
export class Consumption {
  readonly #options: ConsumptionOptions;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: ConsumptionOptions) {
    this.#options = options;
    this.#ended = this.#keepConsuming();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #keepConsuming(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const { kafka, group, availability } = this.#options;
      const consumer = kafka.consumer({
        groupId: group,
        sessionTimeout: sessionMs,
        heartbeatInterval: heartbeatMs,
        maxWaitTimeInMs: fetchMs,
        maxBytesPerPartition: fetchBytes,
        maxBytes: 2 * fetchBytes,
        allowAutoTopicCreation: false,
        retry: { restartOnFailure: () => Promise.resolve(false) },
      });
      const error = await this.#consume(consumer);
      await consumer.disconnect().catch(() => undefined);
      if (error === undefined) return;
      availability.lost("consuming", error);
      await this.#pause();
    }
  }

  /** Resolves with what ended it; undefined: the stop. */
  async #consume(consumer: Consumer): Promise<unknown> {
    const { topic, group, availability, log } = this.#options;
    const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
    this.#stopping.signal.addEventListener("abort", () => end(undefined), { once: true });
    consumer.on(consumer.events.CRASH, ({ payload }) => end(payload.error));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      availability.back("consuming");
      log.info({ topic, group, partitions: memberAssignment[topic] ?? [] }, "partitions assigned");
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#handleBatch(payload),
      });
      return await ended;
    } catch (error) {
      return this.#stopping.signal.aborted ? undefined : error;
    }
  }

  async #handleBatch({ batch, ...consumer }: EachBatchPayload): Promise<void> {
    const goesOn = () => consumer.isRunning() && !consumer.isStale() && !this.#stopping.signal.aborted;
    // A long unit of work must not cost the membership; that it is lost all the same shows at the next commit.
    const beat = setInterval(() => void consumer.heartbeat().catch(() => undefined), heartbeatMs);
    try {
      for (let first = 0; first < batch.messages.length; first += together) {
        const chunk = batch.messages.slice(first, first + together);
        if (!(await this.#handle(chunk, batch.partition, goesOn))) return;
        const last = chunk.at(-1);
        if (last !== undefined) consumer.resolveOffset(last.offset);
        await consumer.commitOffsetsIfNecessary(consumer.uncommittedOffsets());
        await consumer.heartbeat();
      }
    } finally {
      clearInterval(beat);
    }
  }

  /** False when the partition is to be left with the messages as they are. */
  async #handle(messages: KafkaMessage[], partition: number, goesOn: () => boolean): Promise<boolean> {
    const { subscription, runtime } = this.#options;
    for (let attempt = 1; goesOn();) {
      try {
        await runtime.units.write((unit) => subscription.handle(messages.map(toStreamMessage), unit));
        return true;
      } catch (error) {
        // The database's loss and return are told by who watches it.
        if (retryAfterDatabaseFault(error) === undefined) {
          if (messages.length > 1) return this.#handleEach(messages, partition, goesOn);
          if (attempt === attempts) return this.#bury(messages[0], partition, error, goesOn);
          attempt += 1;
        }
      }
      await this.#pause();
    }
    return false;
  }

  async #handleEach(messages: KafkaMessage[], partition: number, goesOn: () => boolean): Promise<boolean> {
    for (const message of messages) {
      if (!(await this.#handle([message], partition, goesOn))) return false;
    }
    return true;
  }

  async #bury(
    message: KafkaMessage | undefined,
    partition: number,
    error: unknown,
    goesOn: () => boolean,
  ): Promise<boolean> {
    if (message === undefined) return true;
    const { bury, subscription, topic, log, runtime } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    const origin = { topic, partition: String(partition), offset: message.offset, reason };
    const { key, value, headers } = toStreamMessage(message);
    while (goesOn()) {
      try {
        await bury({ key, value, headers: { ...headers, ...prefixed(origin) } });
      } catch {
        // The broker is gone, which its sender tells.
        await this.#pause();
        continue;
      }
      log.error({ err: error, ...origin }, "a message could not be handled and was put aside");
      runtime.onDeadLetter(subscription.topic);
      return true;
    }
    return false;
  }

  #pause(): Promise<void> {
    return delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

function toStreamMessage({ key, value, headers = {} }: KafkaMessage): StreamMessage {
  const texts = Object.entries(headers).map(([name, header]) => [name, String(header)]);
  return { key: key?.toString() ?? "", value: value?.toString() ?? "", headers: Object.fromEntries(texts) };
}

function prefixed(origin: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(origin).map(([name, value]) => [`dead-${name}`, value]));
}
