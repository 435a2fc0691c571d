import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { postgres } from "../../../../tools/engines/postgres.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { createEmptyDatabase, databaseUrl } from "../../testing/empty-database.ts";
import { startOwnPostgres, type OwnPostgres } from "../engines/postgres/testing/own-postgres.ts";
import { addViewer, as, provisionRoot, succeeded, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

const soon = { timeout: 15_000, interval: 20 };

// The servers are the test's own, since one is killed; that of `pnpm engines` says that this machine can run one.
describeWith(postgres, "the whole platform with a replica", () => {
  const ends: (() => Promise<void>)[] = [];
  let replica: OwnPostgres;
  let platform: WholePlatform;
  let root: Person;
  let viewer: Person;
  let year = 1900;

  beforeAll(async () => {
    const onEnd = (stop: () => Promise<void>) => void ends.push(stop);
    const primary = await startOwnPostgres(onEnd);
    replica = await primary.replica(onEnd);
    const database = await createEmptyDatabase(primary.url);
    const { pathname } = new URL(database.connectionString);
    const environment = { FLIX_REPLICA_DATABASE_URL: databaseUrl(replica.url, pathname.slice(1)) };
    platform = await startWholePlatform(environment, { database });
    platform.start();
    root = await provisionRoot(platform);
    viewer = await addViewer(platform);
    await vi.waitFor(async () => expect(await replicaHealth()).toMatchObject({ status: "ok" }), soon);
  }, 60_000);
  afterAll(async () => {
    await platform?.close();
    for (const end of ends) await end();
  });

  /** What a person's list has of a new title, and of its year alone, so that no answer is one that was kept. */
  async function publish(): Promise<(person: Person) => Promise<number>> {
    year += 1;
    const body = { kind: "series", title: "Big Buck Bunny", original_language: "en", release_year: year };
    const { id } = succeeded(await as(platform, root).post("/v1/titles", { body }));
    succeeded(await as(platform, root).post(`/v1/titles/${id}/publish`));
    const path = `/v1/titles?year=${year}`;
    return async (person) => {
      // Past the moment for which an answer is kept.
      platform.clock.advance(1_000);
      return succeeded<{ data: unknown[] }>(await as(platform, person).get(path)).data.length;
    };
  }

  async function replicaHealth(): Promise<unknown> {
    const { parts } = succeeded<{ parts: { name: string }[] }>(await as(platform, root).get("/v1/health"));
    return parts.find(({ name }) => name === "postgres-replica");
  }

  it("viewers' lists come from there; who edits, and who has just written, reads the primary", async () => {
    await replica.query("select pg_wal_replay_pause()");
    try {
      const found = await publish();
      expect(await found(root)).toBe(1);
      expect(await found(viewer)).toBe(0);
      const patch = await as(platform, viewer).get(`/v1/accounts/${viewer.id}`);
      const headers = { "if-match": String(patch.headers["etag"]) };
      succeeded(
        await as(platform, viewer).patch(`/v1/accounts/${viewer.id}`, { body: { name: "Ada" }, headers }),
      );
      expect(await found(viewer)).toBe(1);
    } finally {
      await replica.query("select pg_wal_replay_resume()");
    }
  });

  it("one that is killed is left out and comes back: no list fails, and readiness stays green", async () => {
    const found = await publish();
    await vi.waitFor(async () => expect(await found(viewer)).toBe(1), soon);
    await replica.kill();
    for (let round = 0; round < 10; round += 1) expect(await found(viewer)).toBe(1);
    expect((await platform.app.inject("/readyz")).statusCode).toBe(200);
    await vi.waitFor(async () => expect(await replicaHealth()).toMatchObject({ status: "degraded" }), soon);
    await replica.restart();
    const backWithin = { timeout: 5_000, interval: 20 };
    await vi.waitFor(async () => expect(await replicaHealth()).toMatchObject({ status: "ok" }), backWithin);
    expect(await found(viewer)).toBe(1);
  });
});
