import { sql } from "kysely";
import pino from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { redis } from "../../../../tools/engines/redis.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { RedisLink } from "../engines/redis/link.ts";
import { newPrefix, startOwnRedis, type OwnRedis } from "../engines/redis/testing/own-redis.ts";
import { addClient, as, provisionRoot, succeeded, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

const perSecond = 4;
const burst = 20;

describeWith(redis, "two servers over one database and one Redis", () => {
  const ends: (() => Promise<void>)[] = [];
  const lines: { level: number; msg: string }[] = [];
  let server: OwnRedis;
  let links: RedisLink[];
  let one: WholePlatform;
  let other: WholePlatform;
  let root: Person;
  let reader: Person;

  beforeAll(async () => {
    server = await startOwnRedis((stop) => void ends.push(stop));
    const log = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const prefix = newPrefix();
    links = [0, 1].map(() => new RedisLink({ url: server.url, prefix, log }));
    const environment = { FLIX_ANONYMOUS_RATE_LIMIT: String(perSecond), FLIX_METRICS_TOKEN: "m3trics" };
    one = await startWholePlatform(environment, { redis: links[0] });
    other = await startWholePlatform(environment, { redis: links[1], beside: one });
    for (const link of links) await link.start();
    root = await provisionRoot(one);
    reader = await addClient(one, root, ["catalog:read"]);
  });
  afterAll(async () => {
    await other?.close();
    await one?.close();
    for (const link of links ?? []) await link.stop();
    for (const end of ends) await end();
  });

  const change = async (id: string, title: string) => {
    const { etag } = (await as(one, root).get(`/v1/titles/${id}`)).headers;
    const headers = { "if-match": String(etag) };
    succeeded(await as(one, root).patch(`/v1/titles/${id}`, { body: { title }, headers }));
  };
  const titleAt = async (platform: WholePlatform, id: string) =>
    succeeded<{ title: string }>(await as(platform, reader).get(`/v1/titles/${id}`)).title;
  const publishSeries = async () => {
    const body = { kind: "series", title: "As it was", original_language: "en" };
    const { id } = succeeded(await as(one, root).post("/v1/titles", { body }));
    succeeded(await as(one, root).post(`/v1/titles/${id}/publish`));
    return id;
  };

  it("show a change at one of them at the other, once it is answered", async () => {
    const id = await publishSeries();
    one.clock.advance(6_000);
    expect(await titleAt(other, id)).toBe("As it was");
    for (let round = 0; round < 20; round += 1) {
      await change(id, `Change ${round}`);
      expect(await titleAt(other, id)).toBe(`Change ${round}`);
      expect(await titleAt(one, id)).toBe(`Change ${round}`);
    }
  });

  it("ask PostgreSQL once a minute for what both are asked for", async () => {
    const id = await publishSeries();
    // To the beginning of a minute in which nothing changes.
    one.clock.set(new Date(Math.ceil((one.clock.now().getTime() + 6_000) / 60_000) * 60_000));
    expect(await titleAt(one, id)).toBe("As it was");
    // Behind the server's back: who asks PostgreSQL finds it.
    await vi.waitFor(async () => expect(await titleAt(other, id)).toBe("As it was"));
    // Behind the servers' backs: who asks PostgreSQL finds it.
    const { root: database } = one.kernel.database("catalog");
    await sql`update catalog.titles set title = 'Unheard of' where id = ${id}`.execute(database);
    one.clock.advance(30_000);
    expect([await titleAt(one, id), await titleAt(other, id)]).toEqual(["As it was", "As it was"]);
    one.clock.advance(30_000);
    expect([await titleAt(one, id), await titleAt(other, id)]).toEqual(["Unheard of", "Unheard of"]);
  });

  it("count an address's requests at both together", async () => {
    const startedAtMs = performance.now();
    let passed = 0;
    for (let asked = 0; ; asked += 1) {
      const { app } = asked % 2 === 0 ? one : other;
      const { statusCode, headers } = await app.inject({ url: "/v1/plans", remoteAddress: "192.0.2.1" });
      if (statusCode === 429) {
        expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
        break;
      }
      expect(statusCode).toBe(200);
      passed += 1;
    }
    expect(passed).toBeGreaterThanOrEqual(burst);
    expect(passed).toBeLessThanOrEqual(burst + (perSecond * (performance.now() - startedAtMs)) / 1000);
  });

  it("fail at nothing while Redis is dead, say so once, and share again within 5 s of its return", async () => {
    const id = await publishSeries();
    lines.length = 0;
    await server.kill();
    for (let asked = 0; asked < 20; asked += 1) {
      for (const platform of [one, other]) expect(await titleAt(platform, id)).toBe("As it was");
    }
    await change(id, "Without Redis");
    expect(await titleAt(one, id)).toBe("Without Redis");
    one.clock.advance(1_000);
    expect(await titleAt(other, id)).toBe("Without Redis");
    expect((await one.app.inject("/readyz")).statusCode).toBe(200);
    expect((await as(one, root).get("/v1/health")).json()).toMatchObject({
      status: "degraded",
      parts: expect.arrayContaining([expect.objectContaining({ name: "redis", status: "degraded" })]),
    });
    expect(await metricsOf(one)).toMatch(/^flix_redis_up 0$/m);
    expect(lines.map(({ level }) => level)).toEqual([40, 40]);

    await server.restart();
    await vi.waitFor(() => expect(links.every((link) => link.isUp)).toBe(true), { timeout: 5_000 });
    expect(lines.map(({ level }) => level)).toEqual([40, 40, 30, 30]);
    await change(id, "With Redis");
    expect(await titleAt(other, id)).toBe("With Redis");
    expect(await metricsOf(one)).toMatch(/^flix_redis_up 1$/m);
    expect(await metricsOf(one)).toMatch(/^flix_redis_losses_total 1$/m);
  });

  it("keep no request waiting for longer than the time-out when Redis hangs", async () => {
    const id = await publishSeries();
    server.hang();
    const slowestMs: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const startedAtMs = performance.now();
      one.clock.advance(1_000);
      await Promise.all([titleAt(one, id), titleAt(other, id)]);
      slowestMs.push(performance.now() - startedAtMs);
    }
    // Twice on the way of one request: its limit, and what others keep of the answer.
    expect(Math.max(...slowestMs)).toBeLessThan(1_000);
    expect(slowestMs.filter((ms) => ms > 90).length).toBeLessThanOrEqual(3);
    await change(id, "While it hangs");
    server.resume();
    await vi.waitFor(() => expect(links.every((link) => link.isUp)).toBe(true), { timeout: 5_000 });
  });

  async function metricsOf({ app }: WholePlatform): Promise<string> {
    return (await app.inject({ url: "/metrics", headers: { authorization: "Bearer m3trics" } })).body;
  }
});
