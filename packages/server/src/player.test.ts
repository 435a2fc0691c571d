import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "./kernel/clock.ts";
import { createHttp } from "./kernel/http.ts";
import { createIds } from "./kernel/ids.ts";
import { servePlayer } from "./player.ts";

let folder: string;
let app: FastifyInstance;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-player-"));
  const build = join(folder, "dist");
  await mkdir(join(build, "assets"), { recursive: true });
  await writeFile(join(folder, "secret"), "c4n4ry");
  await writeFile(join(build, "index.html"), "<!doctype html><title>flix</title>");
  await writeFile(join(build, "favicon.svg"), "<svg/>");
  await writeFile(join(build, "assets", "index-3f9a.js"), "play()");
  await writeFile(join(build, "assets", ".map"), "c4n4ry");
  app = await createApp(build);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ["/"],
  ["/callback?code=x&state=y"],
  ["/titles/ttl_1"],
  ["/watch/ttl_1"],
  ["/my-list"],
  ["/account"],
])("%s is the page, always asked for anew, under the policy that lets it play", async (url) => {
  const answer = await app.inject(url);
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain("<title>flix</title>");
  expect(answer.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
  });
  expect(answer.headers["content-security-policy"]).toContain("media-src 'self' blob:");
});

test("an asset is named by its content, so it is kept for a year", async () => {
  const answer = await app.inject("/assets/index-3f9a.js");
  expect([answer.statusCode, answer.body]).toEqual([200, "play()"]);
  expect(answer.headers["content-type"]).toMatch(/javascript/);
  expect(answer.headers["cache-control"]).toMatch(/max-age=31536000.*immutable/);
});

test("what the browser has is not sent again", async () => {
  const { headers } = await app.inject("/");
  const again = await app.inject({ url: "/", headers: { "if-none-match": String(headers["etag"]) } });
  expect([again.statusCode, again.body]).toEqual([304, ""]);
});

test.each([
  "/assets/missing.js",
  "/assets/",
  "/assets/.map",
  "/assets/../../secret",
  "/assets/..%2f..%2fsecret",
  "/assets/%2e%2e/%2e%2e/secret",
  "/assets/..%5c..%5csecret",
  "/assets/index-3f9a.js%00.html",
])("%s is not there, and nothing outside the build is shown", async (url) => {
  const answer = await app.inject(url);
  expect(answer.statusCode).toBe(404);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  expect(answer.json()).toMatchObject({ code: "not_found" });
  expect(answer.body).not.toContain("c4n4ry");
});

test("without a build there is no page, and the rest is served", async () => {
  const bare = await createApp(join(folder, "none"));
  expect((await bare.inject("/")).statusCode).toBe(404);
  await bare.close();
});

async function createApp(build: string): Promise<FastifyInstance> {
  const log = pino({ level: "silent" });
  const http = await createHttp({ log, ids: createIds(systemClock), trustedProxies: [], corsOrigins: [] });
  servePlayer(http, build);
  await http.ready();
  return http;
}
