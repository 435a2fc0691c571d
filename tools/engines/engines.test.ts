import { expect, it } from "vitest";
import { kafka } from "./kafka.ts";
import { localstripe } from "./localstripe.ts";
import { postgres } from "./postgres.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { redis } from "./redis.ts";
import { s3 } from "./s3.ts";
import { describeWith } from "./testing.ts";

describeWith(postgres, "PostgreSQL for tests", ({ url }) => {
  it("lets its user in", () => postgres.ping(url));
});

describeWith(rabbitmq, "RabbitMQ for tests", ({ url }) => {
  it("speaks AMQP 0-9-1", () => rabbitmq.ping(url));
});

describeWith(s3, "S3 for tests", ({ endpoint, bucket }) => {
  it("lets nobody in without a signature", async () => {
    expect((await fetch(`${endpoint}/${bucket}`)).status).toBe(403);
  });
});

describeWith(kafka, "Kafka for tests", ({ brokers }) => {
  it("tells the versions that it speaks", () => kafka.ping(`kafka://${brokers}`));
});

describeWith(redis, "Redis for tests", ({ url }) => {
  it("answers", () => redis.ping(url));
});

describeWith(localstripe, "The stand-in for Stripe", ({ url, secretKey }) => {
  it("keeps what it was given", async () => {
    const headers = { authorization: `Bearer ${secretKey}` };
    const body = new URLSearchParams({ email: "ada@example.com" });
    const made = Object(await (await fetch(`${url}/v1/customers`, { method: "POST", headers, body })).json());
    const read = Object(await (await fetch(`${url}/v1/customers/${made.id}`, { headers })).json());
    expect(read).toMatchObject({ id: made.id, email: "ada@example.com" });
  });

  it("lets nobody in without a key", async () => {
    expect((await fetch(`${url}/v1/customers`)).status).toBe(401);
  });
});
