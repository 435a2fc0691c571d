import { once } from "node:events";
import {
  connect,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  type RecoveringChannelModel,
} from "amqplib";
import type { FastifyBaseLogger } from "fastify";
import { withinMs } from "../../../kernel/within-ms.ts";
import { nameOf } from "../../advice.ts";
import { type Outage, watchForOutage } from "../../outage.ts";
import { explain } from "./explain.ts";

/** The only file that uses amqplib. */

export type Channel = ConfirmChannel;
export type Message = ConsumeMessage;

export interface BrokerLinkOptions {
  url: string;
  log: FastifyBaseLogger;
  /** Runs on every new connection before it counts as up. */
  prepare: (channel: Channel) => Promise<void>;
}

const connectMs = 5_000;
/** Who consumes from a quorum queue that has no leader yet, as after a start, may wait for ever (RabbitMQ 3.10); another try does not. */
const prepareMs = 5_000;
const recovery = { waitForConnect: false, initialDelay: 100, maxDelay: 1_000 };
/** A broker that is silent for two of them is gone. */
const heartbeatSeconds = 5;
const closeMs = 1_000;

/** The way to RabbitMQ, which is up with its queues prepared, or not there: then it is tried again by itself, at most a second apart. */
export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  readonly #name: string;
  #connection: RecoveringChannelModel | undefined;
  #channel: Channel | undefined;
  readonly #outage: Outage;

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
    const name = nameOf(options.url);
    this.#name = name;
    this.#outage = watchForOutage({
      log: options.log,
      level: "warn",
      explain: (error) => new Error(explain(error, name)),
      meanwhile: "Until then background jobs run where they are found due.",
      back: "AMQP_URL: RabbitMQ is back: it hands out background jobs again",
    });
  }

  /** Undefined while the broker is away. */
  get channel(): Channel | undefined {
    return this.#channel;
  }

  /** Tries once, for some seconds at most, and goes on trying by itself. */
  async start(): Promise<void> {
    const { url, prepare } = this.#options;
    const address = new URL(url);
    address.searchParams.set("heartbeat", String(heartbeatSeconds));
    const setup = async (model: ChannelModel) => {
      const channel = await openChannel(model);
      let isPrepared = false;
      await withinMs(
        prepare(channel).then(() => (isPrepared = true)),
        prepareMs,
      );
      if (!isPrepared) throw new Error("its queues did not answer in time");
      this.#channel = channel;
    };
    const connection = await connect(address.href, { timeout: connectMs, recovery: { ...recovery, setup } });
    this.#connection = connection;
    // An `error` that nobody hears ends the process; the loss that follows it is what counts.
    connection.on("error", () => {});
    connection.on("connect", () => this.#outage.end());
    connection.on("connect-failed", (error) => this.#lose(error));
    connection.on("disconnect", (error) => this.#lose(error));
    const settled = new AbortController();
    await Promise.race([
      once(connection, "connect", { signal: settled.signal }),
      once(connection, "connect-failed", { signal: settled.signal }),
    ]);
    settled.abort();
  }

  /** For health: throws what is wrong. */
  check(): void {
    if (this.#channel === undefined) throw this.#outage.fault ?? new Error(`${this.#name} is not connected`);
  }

  async stop(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#channel = undefined;
    if (connection)
      await withinMs(
        connection.close().catch(() => {}),
        closeMs,
      );
  }

  #lose(error: unknown): void {
    this.#channel = undefined;
    if (this.#connection !== undefined) this.#outage.begin(error);
  }
}

/** A channel that the broker closes takes its connection with it, so that both are made anew. */
async function openChannel(model: ChannelModel): Promise<Channel> {
  // It is not listened to before the recovery counts it as made.
  model.on("error", () => {});
  const channel = await model.createConfirmChannel();
  channel.on("error", () => {});
  channel.once("close", () => void model.close().catch(() => {}));
  return channel;
}
