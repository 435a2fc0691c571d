import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pino from "pino";
import { Registry } from "prom-client";
import { expect, it, vi } from "vitest";
import { redis } from "../../../../../tools/engines/redis.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { systemClock } from "../../kernel/clock.ts";
import { packageRoot } from "../../kernel/package-root.ts";
import { nameOf } from "../advice.ts";
import { explain } from "./explain.ts";
import type { RedisLink } from "./link.ts";
import { shareThrough, type Sharing } from "./share.ts";
import { openLink, startOwnRedis } from "./testing/own-redis.ts";

function collectLog() {
  const lines: { level: number; msg: string; redis?: string }[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { lines, log };
}

describeWith(redis, "the link to Redis", ({ url }) => {
  it("is lost at once with the server, is back by itself within 5 s, and says each once", async () => {
    const server = await startOwnRedis();
    const { lines, log } = collectLog();
    const link = await openLink(server.url, { log });
    expect(link.isUp).toBe(true);
    for (let round = 1; round <= 2; round += 1) {
      await server.kill();
      await vi.waitFor(() => expect(link.isUp).toBe(false), { interval: 1 });
      await expect(link.command(["PING"])).rejects.toThrow("REDIS_URL");
      await expect(link.check()).rejects.toThrow("Check that it runs");
      await server.restart();
      await vi.waitFor(() => expect(link.isUp).toBe(true), { timeout: 5_000, interval: 10 });
      expect(lines.map(({ level }) => level)).toEqual(Array.from({ length: round }, () => [40, 30]).flat());
      expect(link.losses).toBe(round);
    }
  });

  it("waits no longer than its time-out for a server that hangs, and then not at all", async () => {
    const server = await startOwnRedis();
    const link = await openLink(server.url);
    server.hang();
    const askedAtMs = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => expect(link.command(["GET", "x"])).rejects.toThrow()));
    expect(performance.now() - askedAtMs).toBeLessThan(1_000);
    const againAtMs = performance.now();
    await expect(link.command(["GET", "x"])).rejects.toThrow("no answer within 100 ms");
    expect(performance.now() - againAtMs).toBeLessThan(50);
    server.resume();
    await vi.waitFor(() => expect(link.isUp).toBe(true), { timeout: 5_000, interval: 10 });
  });

  it("starts without a server, and finds it later", async () => {
    const { lines, log } = collectLog();
    const server = await startOwnRedis();
    await server.kill();
    const link = await openLink(server.url, { log });
    expect(link.isUp).toBe(false);
    expect(lines.map(({ msg }) => msg)).toEqual([expect.stringContaining(`REDIS_URL=${server.url}`)]);
    await server.restart();
    await vi.waitFor(() => expect(link.isUp).toBe(true), { timeout: 5_000, interval: 10 });
  });

  it("says that the credentials are wrong, and not what they are", async () => {
    const { lines, log } = collectLog();
    await openLink(url.replace("redis://", "redis://flix:c4n4ry@"), { log });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.msg).toMatch(
      /does not take the credentials \(WRONGPASS.*redis:\/\/user:password@host:port/,
    );
    expect(JSON.stringify(lines)).not.toContain("c4n4ry");
  });

  it("runs a script that the server has forgotten, and keeps the order of messages and answers", async () => {
    const messages: string[] = [];
    const link = await openLink(url, { setUp: (it) => it.listen("news", (text) => messages.push(text)) });
    const script = "redis.call('PUBLISH', ARGV[1], ARGV[2]) return ARGV[2]";
    for (const text of ["a", "b"]) {
      await link.run(script, link.key("x"), [link.key("news"), text]);
      await link.command(["SCRIPT", "FLUSH"]);
    }
    expect(messages).toEqual(["a", "b"]);
    expect(link.isUp).toBe(true);
  });

  it("needs no more rights than the README says", async () => {
    const server = await startOwnRedis();
    const readme = await readFile(join(packageRoot, "README.md"), "utf8");
    const rights = /`(~flix:\* &flix:\*[^`]*)`/.exec(readme)?.[1]?.split(/\s+/) ?? [];
    const administrator = await openLink(server.url);
    await administrator.command(["ACL", "SETUSER", "flix", "on", ">pass", ...rights]);
    const { lines, log } = collectLog();
    let kernel: Sharing | undefined;
    const setUp = (link: RedisLink) => {
      kernel = shareThrough(link, systemClock, new Registry());
      kernel.cache.place("catalog", "a");
    };
    const named = server.url.replace("redis://", "redis://flix:pass@");
    const link = await openLink(named, { prefix: "flix:", log, setUp });
    expect(link.isUp).toBe(true);
    await kernel?.cache.invalidate("catalog");
    await kernel?.rateLimits("test").spend("a", { burst: 10, perSecond: 1 });
    const values = kernel?.shared?.("value");
    values?.set("a", Buffer.from("1"), 1_000);
    expect((await values?.get("a"))?.value.toString()).toBe("1");
    expect(lines).toEqual([]);
  });

  it("lives on when a command is refused, which it says once", async () => {
    const { lines, log } = collectLog();
    const link = await openLink(url, { log });
    for (let time = 0; time < 3; time += 1) await expect(link.command(["NOPE"])).rejects.toThrow("unknown");
    expect(link.isUp).toBe(true);
    expect(lines).toHaveLength(1);
  });
});

it("names the server without credentials, and what to do about each fault", () => {
  expect(nameOf("rediss://flix:pass@redis.example.com:6380/2")).toBe("rediss://redis.example.com:6380/2");
  const advice = (message: string) => explain(new Error(message), "redis://h");
  expect(advice("NOAUTH Authentication required.")).toContain("redis://user:password@host:port");
  expect(advice("OOM command not allowed when used memory > 'maxmemory'.")).toContain("allkeys-lru");
  expect(advice("self-signed certificate")).toContain("rediss://");
  expect(advice("NOPROTO unsupported protocol version")).toContain("from 6.2 up");
  expect(explain(new AggregateError([new Error("ECONNREFUSED ::1"), new Error("x")]), "redis://h")).toContain(
    "does not answer (ECONNREFUSED ::1; x)",
  );
});
