import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyBaseLogger } from "fastify";
import { createRedisClient, isErrorReply, type RedisClient, type Reply } from "./client.ts";
import { nameOf } from "../advice.ts";
import { watchForOutage, type Outage } from "../outage.ts";
import { explain } from "./explain.ts";

export interface RedisLocation {
  /** `redis://` or `rediss://`. */
  url: string;
  /** Begins every key and channel, so that several platforms can share a server. */
  prefix: string;
}

export interface RedisOptions extends RedisLocation {
  log: FastifyBaseLogger;
}

/** A request that waited this long for Redis goes on without it. */
const commandMs = 100;
const pingEveryMs = 250;
/** Without an answer for this long, messages may have been missed. */
const confirmedMs = 1_000;
const firstPauseMs = 50;
const longestPauseMs = 1_000;
const unknownScript = "NOSCRIPT";
const meanwhile = "Until then each process counts its limits and keeps its answers for itself.";

/**
 * The way to Redis, which is either up or not there at all. What is not answered within 100 ms ends the connection, since a
 * server that hangs must cost some requests their patience once, and not every one each time. Then new connections are tried,
 * with pauses of 50 ms to 1 s and jitter, until one answers.
 *
 *   down -- connected, subscribed, prepared --> up -- error, end or no answer --> down
 */
export class RedisLink {
  /** How often it went down. */
  losses = 0;
  readonly #options: RedisOptions;
  readonly #name: string;
  readonly #stopping = new AbortController();
  readonly #digests = new Map<string, string>();
  readonly #listeners = new Map<string, (message: string) => void>();
  readonly #preparations: ((again: boolean) => Promise<void>)[] = [];
  #client: RedisClient | undefined;
  #confirmedAtMs = Number.NEGATIVE_INFINITY;
  #wasUp = false;
  readonly #outage: Outage;
  /** That it refuses a command is logged once a connection. */
  #complained = false;
  #connecting: Promise<void> | undefined;

  constructor(options: RedisOptions) {
    this.#options = options;
    const name = nameOf(options.url);
    this.#name = name;
    this.#outage = watchForOutage({
      log: options.log,
      level: "warn",
      explain: (error) => new Error(explain(error, name)),
      meanwhile,
      back: "REDIS_URL: Redis is back: limits and answers are shared again",
    });
  }

  /** Whether a command would be sent; its answer is as good as Redis is, however long ago the last one came. */
  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  /** Whether Redis answered within the last second: what it has not told by then has not happened. */
  get isUp(): boolean {
    return performance.now() - this.#confirmedAtMs < confirmedMs;
  }

  key(name: string): string {
    return this.#options.prefix + name;
  }

  /** Gets the messages of a channel; those of a time when the link was down are lost. Called before `start`. */
  listen(channel: string, listener: (message: string) => void): void {
    this.#listeners.set(this.key(channel), listener);
  }

  /** Runs on every new connection before the link counts as up, `again` when it was up before. Called before `start`. */
  prepare(work: (again: boolean) => Promise<void>): void {
    this.#preparations.push(work);
  }

  /** Tries once, for some seconds at most, and goes on trying by itself. */
  async start(): Promise<void> {
    await this.#connect().catch((error: unknown) => this.#lose(error));
  }

  /** Throws when the link is down, and when the answer takes longer than 100 ms. */
  async command(args: (string | Buffer)[]): Promise<Reply> {
    const client = this.#client;
    if (client === undefined)
      throw new Error(this.#outage.fault?.message ?? `${this.#name} is not connected`);
    try {
      return await client.command(args, commandMs);
    } catch (error) {
      if (!isErrorReply(error)) {
        if (client === this.#client) this.#lose(error);
      } else if (!error.message.startsWith(unknownScript)) this.#complain(error);
      throw error;
    }
  }

  /** Runs a Lua script over one key; Redis knows it by its digest after the first time. */
  async run(script: string, key: string, args: (string | number)[]): Promise<Reply> {
    const digest = this.#digests.get(script) ?? createHash("sha1").update(script).digest("hex");
    this.#digests.set(script, digest);
    const rest = ["1", key, ...args.map(String)];
    try {
      return await this.command(["EVALSHA", digest, ...rest]);
    } catch (error) {
      if (!isErrorReply(error) || !error.message.startsWith(unknownScript)) throw error;
      return this.command(["EVAL", script, ...rest]);
    }
  }

  /** For health: throws what is wrong. */
  async check(): Promise<void> {
    await this.command(["PING"]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#drop();
    await this.#connecting;
  }

  async #connect(): Promise<void> {
    const client = createRedisClient(this.#options.url, (error) => {
      if (client === this.#client) this.#lose(error);
    });
    try {
      await client.connect();
      for (const [channel, listener] of this.#listeners) await client.subscribe(channel, listener);
      this.#stopping.signal.throwIfAborted();
      this.#client = client;
      for (const prepare of this.#preparations) await prepare(this.#wasUp);
      await this.#confirm();
      if (client !== this.#client) throw new Error("the connection ended");
    } catch (error) {
      client.destroy();
      if (client === this.#client) this.#drop();
      throw error;
    }
    this.#wasUp = true;
    this.#complained = false;
    this.#outage.end();
    void this.#keepConfirming(client);
  }

  async #keepConfirming(client: RedisClient): Promise<void> {
    while (client === this.#client) {
      await this.#pause(pingEveryMs);
      // Why it failed was told when the link was lost.
      if (client === this.#client) await this.#confirm().catch(() => {});
    }
  }

  /** Messages arrive before the answer to a PING that was sent after them. */
  async #confirm(): Promise<void> {
    const [client, sentAtMs] = [this.#client, performance.now()];
    await this.command(["PING"]);
    if (client === this.#client) this.#confirmedAtMs = sentAtMs;
  }

  #lose(error: unknown): void {
    this.#drop();
    if (this.#stopping.signal.aborted) return;
    if (this.#outage.fault === undefined) this.losses += 1;
    this.#outage.begin(error);
    this.#reconnect();
  }

  /** Redis is there and refuses: it is full, say, or a right is missing. */
  #complain(error: Error): void {
    if (this.#complained) return;
    this.#complained = true;
    this.#options.log.warn({}, `${explain(error, this.#name)} ${meanwhile}`);
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#confirmedAtMs = Number.NEGATIVE_INFINITY;
    client?.destroy();
  }

  #reconnect(): void {
    this.#connecting ??= this.#tryUntilUp().finally(() => {
      this.#connecting = undefined;
      // Lost again in the moment in which it came back.
      if (this.#client === undefined && !this.#stopping.signal.aborted) this.#reconnect();
    });
  }

  async #tryUntilUp(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (this.#client === undefined && !this.#stopping.signal.aborted) {
      await this.#pause(pauseMs * (0.5 + Math.random() / 2));
      if (this.#stopping.signal.aborted) return;
      await this.#connect().catch(() => {});
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
  }
}
