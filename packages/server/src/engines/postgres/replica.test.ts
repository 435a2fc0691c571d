import pino from "pino";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { postgres } from "../../../../../tools/engines/postgres.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { Replica } from "./replica.ts";
import { startOwnPostgres, type OwnPostgres } from "./testing/own-postgres.ts";

const mayLagMs = 2_000;
const soon = { timeout: 15_000, interval: 10 };

// The servers are the test's own, since they are killed; that of `pnpm engines` says that this machine can run one.
describeWith(postgres, "a replica that follows its primary", () => {
  const ends: (() => Promise<void>)[] = [];
  let primary: OwnPostgres;
  let server: OwnPostgres;
  let replica: Replica;
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });

  beforeAll(async () => {
    const onEnd = (stop: () => Promise<void>) => void ends.push(stop);
    primary = await startOwnPostgres(onEnd);
    await primary.query("create table films (title text)");
    // How soon it looks for a primary that is back.
    await primary.configure({ settings: ["wal_retrieve_retry_interval = 100ms"] });
    server = await primary.replica(onEnd);
  }, 60_000);
  afterAll(async () => {
    for (const end of ends) await end();
  });
  beforeEach(async () => {
    lines.length = 0;
    replica = follow(server.url);
    await vi.waitFor(() => expect(replica.shows(Number.NEGATIVE_INFINITY)).toBe(true), soon);
  });
  afterEach(() => replica.stop());

  function follow(url: string): Replica {
    const place = { variable: "FLIX_REPLICA_DATABASE_URL", url };
    const made = new Replica({ place, primaryUrl: primary.url, logger, mayLagMs });
    made.start();
    return made;
  }

  async function titles(): Promise<string[]> {
    const { rows } = await sql<{ title: string }>`select title from films`.execute(replica.db);
    return rows.map(({ title }) => title);
  }

  it("shows, once it says so, all that was written before", async () => {
    for (let round = 0; round < 5; round += 1) {
      const title = `Film ${round}`;
      await primary.query(`insert into films values ('${title}')`);
      const wroteAtMs = performance.now();
      await vi.waitFor(() => expect(replica.shows(wroteAtMs)).toBe(true), soon);
      expect(await titles()).toContain(title);
    }
    expect(lines).toEqual([]);
  });

  it("does not say so of what it has not replayed, is left out when that lasts, and is back when it has", async () => {
    await server.query("select pg_wal_replay_pause()");
    onTestFinished(async () => void (await server.query("select pg_wal_replay_resume()")));
    await primary.query("insert into films values ('Late')");
    const wroteAtMs = performance.now();
    expect(replica.shows(wroteAtMs)).toBe(false);
    await vi.waitFor(() => expect(lines).toHaveLength(1), soon);
    expect(replica.shows(Number.NEGATIVE_INFINITY)).toBe(false);
    expect(lines[0]).toMatchObject({
      level: 40,
      msg: expect.stringMatching(
        /^FLIX_REPLICA_DATABASE_URL=.*more than 2 s behind.*every read goes to the primary/,
      ),
    });
    await expect(replica.check()).rejects.toMatchObject({ code: "postgres_replica_behind" });
    await server.query("select pg_wal_replay_resume()");
    await vi.waitFor(() => expect(replica.shows(wroteAtMs)).toBe(true), soon);
    expect(await titles()).toContain("Late");
    await replica.check();
    expect(lines.map(({ level }) => level)).toEqual([40, 30]);
  });

  it("is left out while it is dead, told once, and back within 5 s of its return", async () => {
    await server.kill();
    await vi.waitFor(() => expect(replica.shows(Number.NEGATIVE_INFINITY)).toBe(false), soon);
    await expect(replica.check()).rejects.toMatchObject({ code: "postgres_unreachable" });
    await server.restart();
    await vi.waitFor(() => expect(replica.shows(Number.NEGATIVE_INFINITY)).toBe(true), { timeout: 5_000 });
    await titles();
    const told = lines.filter(({ msg }) => msg.startsWith("FLIX_REPLICA_DATABASE_URL"));
    expect(told.map(({ level }) => level)).toEqual([40, 30]);
  });

  it("that hangs lets nobody wait for it", async () => {
    await titles();
    server.hang();
    onTestFinished(() => server.resume());
    await expect(titles()).rejects.toThrow("Connection terminated");
    expect(replica.shows(Number.NEGATIVE_INFINITY)).toBe(false);
    server.resume();
    await vi.waitFor(() => expect(replica.shows(Number.NEGATIVE_INFINITY)).toBe(true), soon);
    await titles();
  });

  it("tells nothing of the replica while the primary is dead", async () => {
    await primary.kill();
    await vi.waitFor(() => expect(replica.shows(Number.NEGATIVE_INFINITY)).toBe(false), soon);
    expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
    await primary.restart();
    await vi.waitFor(() => expect(replica.shows(Number.NEGATIVE_INFINITY)).toBe(true), soon);
  });

  it("is not used when it follows somebody else, another database, or nobody", async () => {
    const other = await startOwnPostgres();
    const [stranger, itself] = [follow(await newDatabase(other, "films")), follow(primary.url)];
    const elsewhere = follow(await newDatabase(primary, "elsewhere", server));
    onTestFinished(
      async () => void (await Promise.all([stranger, itself, elsewhere].map((made) => made.stop()))),
    );
    for (const wrong of [stranger, itself, elsewhere]) {
      await vi.waitFor(
        () => expect(wrong.check()).rejects.toMatchObject({ code: "postgres_no_replica" }),
        soon,
      );
      expect(wrong.shows(Number.NEGATIVE_INFINITY)).toBe(false);
    }
    await server.query("select pg_promote()");
    await vi.waitFor(
      () => expect(replica.check()).rejects.toMatchObject({ code: "postgres_no_replica" }),
      soon,
    );
  });

  /** Its URL, on the server itself or on one that follows it. */
  async function newDatabase(on: OwnPostgres, name: string, seenOn = on): Promise<string> {
    await on.query(`create database ${name}`);
    return Object.assign(new URL(seenOn.url), { pathname: `/${name}` }).href;
  }
});
