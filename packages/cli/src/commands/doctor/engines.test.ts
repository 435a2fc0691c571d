import { expect, test, vi } from "vitest";
import { kafka } from "../../../../../tools/engines/kafka.ts";
import { postgres } from "../../../../../tools/engines/postgres.ts";
import { rabbitmq } from "../../../../../tools/engines/rabbitmq.ts";
import { redis } from "../../../../../tools/engines/redis.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { checkEngines } from "./engines.ts";

test("without variables the embedded PostgreSQL is all there is to check", async () => {
  expect(await checkEngines({})).toEqual([
    { name: "PostgreSQL", status: "ok", detail: expect.stringMatching(/^embedded, at /) },
  ]);
});

test("each engine that cannot be used is told as the server tells it, by its variable and without a password", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "c4n4ry");
  const checks = await checkEngines({
    DATABASE_URL: "postgres://flix:c4n4ry@127.0.0.1:1/flix",
    FLIX_BILLING_DATABASE_URL: "postgres://flix:c4n4ry@127.0.0.1:1/billing",
    FLIX_REPLICA_DATABASE_URL: "postgres://flix:c4n4ry@127.0.0.1:1/flix",
    FLIX_OBJECTS: "s3://films?endpoint=http://127.0.0.1:1",
    KAFKA_BROKERS: "127.0.0.1:1",
    REDIS_URL: "redis://flix:c4n4ry@127.0.0.1:1",
    AMQP_URL: "amqp://flix:c4n4ry@127.0.0.1:1",
  });
  vi.unstubAllEnvs();
  const told = (name: string, status: string, detail: RegExp) => ({
    name,
    status,
    detail: expect.stringMatching(detail),
  });
  expect(checks).toEqual([
    told("PostgreSQL", "failed", /^DATABASE_URL=postgres:.*no server answers.*Check that it runs/),
    told("PostgreSQL", "failed", /^FLIX_BILLING_DATABASE_URL=postgres:.*\/billing: no server answers/),
    told("PostgreSQL", "warning", /^FLIX_REPLICA_DATABASE_URL=postgres:.*no server answers/),
    told("S3", "failed", /^FLIX_OBJECTS=s3:\/\/films: .* does not answer.*Check the endpoint/),
    told("Kafka", "failed", /^KAFKA_BROKERS=127\.0\.0\.1:1: no broker answers.*Check that/),
    told("Redis", "warning", /^REDIS_URL=redis:.*does not answer.*Check that it runs/),
    told(
      "RabbitMQ",
      "failed",
      /^AMQP_URL=amqp:\/\/127\.0\.0\.1:1: RabbitMQ does not answer.*Check that it runs/,
    ),
  ]);
  expect(JSON.stringify(checks)).not.toContain("c4n4ry");
});

test("what is wrong with the variables is told together, before any engine is asked", async () => {
  const checks = await checkEngines({ DATABASE_URL: "mysql://db", REDIS_URL: "redis", FLIX_PORT: "http" });
  expect(checks.map(({ name, status, detail }) => [name, status, detail.split("=", 1)[0]])).toEqual([
    ["Configuration", "failed", "FLIX_PORT"],
    ["Configuration", "failed", "DATABASE_URL"],
    ["Configuration", "failed", "REDIS_URL"],
  ]);
});

describeWith(postgres, "doctor and a PostgreSQL that answers", ({ url }) => {
  test("names it; of a replica it says that it is none", async () => {
    const checks = await checkEngines({ DATABASE_URL: url, FLIX_REPLICA_DATABASE_URL: url });
    expect(checks).toEqual([
      { name: "PostgreSQL", status: "ok", detail: `DATABASE_URL=${url}` },
      { name: "PostgreSQL", status: "warning", detail: expect.stringMatching(/follows no other/) },
    ]);
  });
});

describeWith(redis, "doctor and a Redis that answers", ({ url }) => {
  test("names it", async () => {
    expect(await checkEngines({ REDIS_URL: url })).toContainEqual({
      name: "Redis",
      status: "ok",
      detail: `REDIS_URL=${url}`,
    });
  });
});

describeWith(kafka, "doctor and a Kafka that answers", ({ brokers }) => {
  test("names it", async () => {
    const env = { KAFKA_BROKERS: brokers, FLIX_KAFKA_PREFIX: "flix-doctor" };
    expect(await checkEngines(env)).toContainEqual({
      name: "Kafka",
      status: "ok",
      detail: `KAFKA_BROKERS=${brokers}`,
    });
  });
});

describeWith(rabbitmq, "doctor and a RabbitMQ that answers", ({ url }) => {
  test("names it", async () => {
    const [broker] = (await checkEngines({ AMQP_URL: url })).filter(({ name }) => name === "RabbitMQ");
    expect(broker).toEqual({
      name: "RabbitMQ",
      status: "ok",
      detail: expect.stringMatching(/^AMQP_URL=amqp:/),
    });
    expect(broker?.detail).not.toContain(`:${new URL(url).password}@`);
  });
});
