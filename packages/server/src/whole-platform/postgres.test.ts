import { setTimeout as delay } from "node:timers/promises";
import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { postgres } from "../../../../tools/engines/postgres.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { createEmptyDatabase, withClient } from "../../testing/empty-database.ts";
import { startOwnPostgres, type OwnPostgres } from "../engines/postgres/testing/own-postgres.ts";
import { createDirectQueue } from "../engines/jobs/direct.ts";
import { Jobs } from "../kernel/jobs.ts";
import { createLog } from "../kernel/log.ts";
import { as, provisionRoot, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

const recoversWithinMs = 5_000;

type LogLine = Record<string, unknown>;

// The server is the test's own, since it is killed; that of `pnpm engines` says that this machine can run one.
describeWith(postgres, "the whole platform on a PostgreSQL that is killed or hangs", () => {
  const ends: (() => Promise<void>)[] = [];
  let server: OwnPostgres;
  let platform: WholePlatform;
  let root: Person;

  beforeAll(async () => {
    server = await startOwnPostgres((stop) => void ends.push(stop));
    const database = await createEmptyDatabase(server.url);
    platform = await startWholePlatform({ DATABASE_URL: database.connectionString }, { database });
    platform.start();
    root = await provisionRoot(platform);
  }, 60_000);
  afterAll(async () => {
    await platform?.close();
    for (const end of ends) await end();
  });

  const read = (year: number) => as(platform, root).get(`/v1/titles?year=${year}`);
  const told = () => platform.logged.flatMap((line) => /"msg":"(DATABASE_URL[^"]*)"/.exec(line)?.[1] ?? []);
  const statusOf = async (path: string) => (await platform.app.inject(path)).statusCode;

  /** Creates and publishes one title after the other; resolves with those that were acknowledged, and the statuses. */
  async function keepWriting(signal: AbortSignal) {
    const [created, statuses]: [string[], Set<number>] = [[], new Set()];
    while (!signal.aborted) {
      const body = { kind: "series", title: `Film ${created.length}`, original_language: "en" };
      const answer = await as(platform, root).post("/v1/titles", { body });
      statuses.add(answer.statusCode);
      if (answer.statusCode === 201) created.push(answer.json<{ id: string }>().id);
      else await delay(5);
    }
    return { created, statuses };
  }

  it("is unready and alive meanwhile, tells who asks to come back, and is whole within 5 s of its return", async () => {
    let ticks = 0;
    const log = createLog("silent");
    const queue = createDirectQueue(log);
    const { units, database } = platform.kernel;
    const jobs = new Jobs({ root: database("ops").root, units, queue, log });
    jobs.every({ name: "test.tick", everyMs: 20, run: async () => void (ticks += 1) });
    await queue.start(jobs.names, (name) => jobs.run(name));
    jobs.start();
    onTestFinished(() => jobs.stop());
    for (let round = 0; round < 2; round += 1) {
      const ended = new AbortController();
      onTestFinished(() => ended.abort());
      const writers = Array.from({ length: 2 }, () => keepWriting(ended.signal));
      await delay(200);
      await server.kill();
      await vi.waitFor(async () => expect(await statusOf("/readyz")).toBe(503));
      expect((await platform.app.inject("/readyz")).json()).toMatchObject({ detail: "postgres" });
      expect(await statusOf("/livez")).toBe(200);
      const refused = await as(platform, root).get(`/v1/titles?year=${1990 + round}`);
      expect(refused.statusCode).toBe(503);
      expect(refused.headers["retry-after"]).toBe("5");
      expect(refused.json()).toMatchObject({ code: "unavailable" });

      await server.restart();
      const backAtMs = performance.now();
      const before = ticks;
      const body = { kind: "series", title: "After", original_language: "en" };
      const { id } = (await as(platform, root).post("/v1/titles", { body })).json<{ id: string }>();
      expect((await as(platform, root).post(`/v1/titles/${id}/publish`)).statusCode).toBe(200);
      expect(await statusOf("/readyz")).toBe(200);
      const waiting = { timeout: recoversWithinMs, interval: 20 };
      await vi.waitFor(() => expect(ticks).toBeGreaterThan(before), waiting);
      await vi.waitFor(async () => expect(await undelivered()).toBe(0), waiting);
      expect(performance.now() - backAtMs).toBeLessThan(recoversWithinMs);

      ended.abort();
      for (const { created, statuses } of await Promise.all(writers)) {
        expect([...statuses].toSorted()).toEqual([201, 503]);
        expect(await countTitles(created)).toBe(created.length);
      }
    }
  });

  it("is one error in the log however many ask, and one line when it is back", async () => {
    const back = { timeout: recoversWithinMs, interval: 20 };
    await vi.waitFor(() => expect(told().length % 2).toBe(0), back);
    const [before, from] = [told().length, platform.logged.length];
    const since = () => platform.logged.slice(from).map((line): LogLine => JSON.parse(line));
    const errors = () => since().filter(({ level }) => level === "error" || level === "fatal");
    const refused: LightMyRequestResponse[] = [];
    const killed = server.kill();
    while (refused.length < 50) {
      const answers = await Promise.all([1901, 1902, 1903, 1904, 1905].map((year) => read(year)));
      refused.push(...answers.filter(({ statusCode }) => statusCode !== 200));
    }
    await killed;
    for (const { statusCode, headers, body } of refused)
      expect([statusCode, headers["retry-after"], JSON.parse(body).code]).toEqual([503, "5", "unavailable"]);
    await vi.waitFor(() => expect(told().length).toBe(before + 1), back);
    const lines = since().filter(({ msg, status }) => msg === "request" && status === 503);
    expect(lines.length).toBe(refused.length);
    for (const line of lines) {
      expect(line).toMatchObject({ level: "warn", code: "unavailable", reason: expect.any(String) });
      expect(line).toMatchObject({ reqId: expect.stringMatching(/^req_/) });
    }
    await server.restart();
    await vi.waitFor(() => expect(told().length).toBe(before + 2), back);
    expect(await read(1906)).toMatchObject({ statusCode: 200 });
    expect(errors().map(({ msg }) => msg)).toEqual([told()[before]]);
    expect(told().slice(before)).toEqual([
      expect.stringMatching(/^DATABASE_URL=postgres:.*Check that it runs.*answered with 503/),
      "DATABASE_URL: the server answers again",
    ]);
  });

  it("that hangs keeps nobody waiting: it is told once, and answered with 503 until it goes on", async () => {
    // Of each loss before this one the return was told too.
    await vi.waitFor(() => expect(told().length % 2).toBe(0), { timeout: recoversWithinMs });
    const before = told().length;
    server.hang();
    onTestFinished(() => server.resume());
    const hung = await as(platform, root).get("/v1/titles?year=1895");
    expect([hung.statusCode, hung.headers["retry-after"]]).toEqual([503, "5"]);
    expect(await statusOf("/livez")).toBe(200);
    server.resume();
    await vi.waitFor(async () => expect(await statusOf("/readyz")).toBe(200), { timeout: recoversWithinMs });
    expect((await as(platform, root).get("/v1/titles?year=1896")).statusCode).toBe(200);
    await vi.waitFor(() => expect(told().length).toBe(before + 2), { timeout: recoversWithinMs });
    expect(told().slice(before)).toEqual([
      expect.stringMatching(
        /^DATABASE_URL=postgres:.*no server answers.*Check that it runs.*answered with 503/,
      ),
      "DATABASE_URL: the server answers again",
    ]);
  });

  function countTitles(ids: string[]): Promise<number> {
    return withClient(platform.connectionString, async (client) => {
      const { rows } = await client.query("select id from catalog.titles where id = any($1)", [ids]);
      return rows.length;
    });
  }

  /** Events about titles that the catalog's own listener has not had. */
  function undelivered(): Promise<number> {
    return withClient(platform.connectionString, async (client) => {
      const { rows } = await client.query<{ count: string }>(
        `select count(*) from kernel.events where type = 'title.published' and position >
           (select position from kernel.event_listeners where name = 'catalog.forget-answers')`,
      );
      return Number(rows[0]?.count);
    });
  }
});
