import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { expect, it, onTestFinished, vi } from "vitest";
import { rabbitmq } from "../../../../tools/engines/rabbitmq.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { as, provisionRoot, succeeded } from "./testing/people.ts";
import { startWholePlatform } from "./testing/whole-platform.ts";

interface Health {
  status: string;
  parts: { name: string; status: string; detail?: string }[];
}

/** A platform that works in the background. */
async function startWorking(amqpUrl: string) {
  const platform = await startWholePlatform({
    AMQP_URL: amqpUrl,
    FLIX_AMQP_PREFIX: `flix-test-${randomUUID()}`,
    FLIX_METRICS_TOKEN: "m3trics",
  });
  onTestFinished(() => platform.close());
  platform.start();
  const root = await provisionRoot(platform);
  const headers = { authorization: "Bearer m3trics" };
  return {
    ...platform,
    health: async () => succeeded<Health>(await as(platform, root).get("/v1/health")),
    statusOf: async (url: string) => (await platform.app.inject(url)).statusCode,
    /** Once it has written down what there is to do. */
    async makeDue() {
      await vi.waitFor(async () => {
        const { root: database } = platform.kernel.database("ops");
        const { numAffectedRows } = await sql`update kernel.jobs set due_at = now()`.execute(database);
        expect(Number(numAffectedRows)).toBeGreaterThan(10);
      }, 20_000);
    },
    /** Jobs that came to a good end. */
    async done(): Promise<string[]> {
      const { payload } = await platform.app.inject({ url: "/metrics", headers });
      return [...payload.matchAll(/^flix_jobs_total\{job="(.+)",outcome="done"\}/gm)].map(
        ([, job = ""]) => job,
      );
    },
  };
}

const jobs = [
  "billing.renew",
  "media.delete-objects",
  "playback.end-silent-sessions",
  "users.forget-expired-sign-ins",
];

describeWith(rabbitmq, "the whole platform with RabbitMQ", ({ url }) => {
  it("has every module's jobs handed out, and says that the broker is there", async () => {
    const platform = await startWorking(url);
    await vi.waitFor(async () => {
      expect(await platform.health()).toMatchObject({ status: "ok" });
      expect((await platform.health()).parts).toContainEqual(expect.objectContaining({ name: "rabbitmq" }));
    }, 20_000);
    await platform.makeDue();
    await vi.waitFor(async () => {
      expect(await platform.done()).toEqual(expect.arrayContaining(jobs));
    }, 20_000);
  });
});

it("a broker that is away at the start is told once; jobs run, and all is served", async () => {
  const platform = await startWorking("amqp://flix:c4n4ry@127.0.0.1:1");
  await vi.waitFor(() =>
    expect(platform.logged.filter((line) => line.includes("AMQP_URL"))).toEqual([
      expect.stringMatching(/RabbitMQ does not answer.*Check that it runs.*run where they are found due/),
    ]),
  );
  await platform.makeDue();
  await vi.waitFor(async () => {
    expect(await platform.done()).toEqual(expect.arrayContaining(jobs));
  }, 20_000);
  expect(await platform.statusOf("/readyz")).toBe(200);
  const { status, parts } = await platform.health();
  expect(status).toBe("degraded");
  expect(parts.find(({ name }) => name === "rabbitmq")).toMatchObject({ status: "degraded" });
  expect(JSON.stringify([platform.logged, parts])).not.toContain("c4n4ry");
});
