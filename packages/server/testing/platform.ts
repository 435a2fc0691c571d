import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import type { LightMyRequestResponse } from "fastify";
import { readConfig } from "../src/config.ts";
import { openDatabases } from "../src/databases.ts";
import { openEventStream } from "../src/engines/events/open-event-stream.ts";
import { openObjects } from "../src/engines/objects/open-objects.ts";
import { openRedis } from "../src/engines/redis/open-redis.ts";
import { unauthorized, type Principal, type VerifyAccessToken } from "../src/kernel/security.ts";
import type { Kernel, Module } from "../src/kernel/module.ts";
import { createPlatform, type Platform } from "../src/platform.ts";
import { createTestDatabase } from "./database.ts";
import { testEngines } from "./engines.ts";
import { handledWhenPublished } from "./handled-when-published.ts";
import { jobsThroughBroker } from "./jobs.ts";

export type Person = Exclude<Principal, { kind: "anonymous" }>;

export interface TestPlatform extends Platform {
  clock: HeldClock;
  /** Asks as a person: `await as(viewer).get("/v1/titles")`. */
  as: (person?: Person) => TestClient;
  /** The same as a header, for requests over a socket. */
  authorization: (person: Person) => string;
  close: () => Promise<void>;
}

export interface TestClient {
  get: Ask;
  post: Ask;
  put: Ask;
  patch: Ask;
  delete: Ask;
}
type Ask = (
  url: string,
  request?: { body?: unknown; raw?: Buffer; headers?: Record<string, string> },
) => Promise<LightMyRequestResponse>;

export interface HeldClock {
  now(): Date;
  set(time: Date | string): void;
  advance(ms: number): void;
}

/** Time that stands still until the test moves it. */
export function holdClock(start = "2026-11-22T12:00:00.000Z"): HeldClock {
  let time = new Date(start);
  return {
    now: () => new Date(time),
    set: (next) => void (time = new Date(next)),
    advance: (ms) => void (time = new Date(time.getTime() + ms)),
  };
}

export interface TestPlatformOptions {
  /** Makes the modules under test, over a real database and a real directory of objects. */
  compose: (kernel: Kernel) => Module[] | Promise<Module[]>;
  environment?: Record<string, string>;
  /** The real verifier, where sign-in itself is tested; otherwise `as` says who asks. */
  verifyAccessToken?: VerifyAccessToken;
}

/** A platform over a fresh database; nothing runs in the background until the test asks for it. */
export async function startTestPlatform(options: TestPlatformOptions): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), "flix-server-"));
  const engines = testEngines();
  const log = pino({ level: process.env["FLIX_TEST_LOG"] ?? "silent" });
  const config = readConfig({
    FLIX_DATA: folder,
    FLIX_RATE_LIMIT: "100000",
    FLIX_ANONYMOUS_RATE_LIMIT: "100000",
    ...engines.environment,
    ...options.environment,
  });
  const open = (url: string) => openDatabases({ ...config, url, log });
  const database = await createTestDatabase(async (url) => {
    const migrating = open(url);
    await migrating.migrate();
    await migrating.close();
  });
  const clock = holdClock();
  const databases = open(database.connectionString);
  const people = new Map<string, Person>();
  const redis = await openRedis(config.redis, log);
  const eventStream = handledWhenPublished(await openEventStream(config.kafka, log));
  const platform = await createPlatform({
    config,
    clock,
    log,
    databases,
    objects: await openObjects(config.objects),
    redis,
    eventStream,
    secret: randomBytes(32),
    compose: async (kernel) => ({
      modules: await options.compose(kernel),
      verifyAccessToken: options.verifyAccessToken ?? ((token) => verifyTestToken(people, token)),
    }),
  });
  const jobs = jobsThroughBroker(config, log, platform.runJob);
  await redis?.start();
  eventStream.start({ units: platform.kernel.units, onDeadLetter: () => {} });
  return {
    ...platform,
    runJob: jobs.runJob,
    clock,
    as: (person) => clientOf(platform, person && authorizationOf(person, people)),
    authorization: (person) => authorizationOf(person, people),
    async close() {
      await jobs.stop();
      await platform.stop();
      await redis?.stop();
      await eventStream.close();
      await databases.close();
      await database.drop();
      await engines.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function verifyTestToken(people: Map<string, Person>, token: string): Promise<Person> {
  const person = people.get(token);
  if (!person) throw unauthorized("This is nobody's token.");
  return person;
}

function authorizationOf(person: Person, people: Map<string, Person>): string {
  const token = randomBytes(9).toString("hex");
  people.set(token, person);
  return `Bearer ${token}`;
}

function clientOf({ app }: Platform, authorization: string | undefined): TestClient {
  const ask =
    (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"): Ask =>
    (url, { body, raw, headers = {} } = {}) =>
      app.inject({
        method,
        url,
        headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
        ...(raw === undefined ? (body === undefined ? {} : { payload: body as object }) : { payload: raw }),
      });
  return { get: ask("GET"), post: ask("POST"), put: ask("PUT"), patch: ask("PATCH"), delete: ask("DELETE") };
}
