import { once } from "node:events";
import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { createHttp } from "./http.ts";
import { createIds } from "./ids.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import { followRequests, type RunningRequests } from "./running-requests.ts";

let app: FastifyInstance;
let lifecycle: Lifecycle;
let requests: RunningRequests;
let url: string;
let started: () => void;
let release: () => void;

beforeEach(async () => {
  const log = pino({ level: "silent" });
  app = await createHttp({ log, ids: createIds(systemClock), trustedProxies: [], corsOrigins: [] });
  lifecycle = createLifecycle();
  requests = followRequests(app, lifecycle);
  const released = new Promise<void>((resolve) => (release = resolve));
  app.get("/probe", { config: { whileDraining: true } }, () => lifecycle.state);
  app.get("/quick", () => "quick");
  app.get("/slow", async () => {
    started();
    await released;
    return "slow";
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  lifecycle.serve();
});
afterEach(() => app.close());

test("with nothing running there is nothing to wait for", async () => {
  await (await fetch(`${url}/quick`)).text();
  lifecycle.drain();
  await requests.ended(60_000);
});

test("what runs ends; meanwhile only probes are answered, and every connection ends with its answer", async () => {
  const { answer } = await startSlow();
  lifecycle.drain();
  const ended = requests.ended(60_000);
  const probe = await fetch(`${url}/probe`);
  expect([probe.status, await probe.text()]).toEqual([200, "draining"]);
  const refused = await fetch(`${url}/quick`);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "unavailable", status: 503 });
  expect((await fetch(`${url}/nowhere`)).status).toBe(503);
  for (const { headers } of [probe, refused]) expect(headers.get("connection")).toBe("close");
  release();
  const slow = await answer;
  expect([slow.status, slow.headers.get("connection"), await slow.text()]).toEqual([200, "close", "slow"]);
  await ended;
});

test("a process that leaves serves on, and every connection ends with its answer", async () => {
  const { answer } = await startSlow();
  lifecycle.leave();
  const quick = await fetch(`${url}/quick`);
  expect([quick.status, quick.headers.get("connection"), await quick.text()]).toEqual([
    200,
    "close",
    "quick",
  ]);
  expect(await (await fetch(`${url}/probe`)).text()).toBe("leaving");
  release();
  expect((await answer).headers.get("connection")).toBe("close");
});

test("what does not end in time is cut off by the close", async () => {
  const { answer } = await startSlow();
  lifecycle.drain();
  await requests.ended(1);
  await app.close();
  await expect(answer).rejects.toThrow("fetch failed");
});

test("a client that goes away does not hold the end up", async () => {
  const controller = new AbortController();
  const { answer } = await startSlow(controller.signal);
  lifecycle.drain();
  const ended = requests.ended(60_000);
  controller.abort();
  await expect(answer).rejects.toThrow("abort");
  await ended;
});

test("a connection that idles is closed when draining begins", async () => {
  const agent = new Agent({ keepAlive: true });
  const asking = request(`${url}/quick`, { agent }).end();
  const [socket] = await once(asking, "socket");
  const [response] = await once(asking, "response");
  await once(response.resume(), "end");
  const closed = once(socket, "close");
  lifecycle.drain();
  await closed;
});

/** Resolves once it runs, to what is still to come. */
async function startSlow(signal: AbortSignal | null = null): Promise<{ answer: Promise<Response> }> {
  const runs = new Promise<void>((resolve) => (started = resolve));
  const answer = fetch(`${url}/slow`, { signal });
  answer.catch(() => undefined);
  await runs;
  return { answer };
}
