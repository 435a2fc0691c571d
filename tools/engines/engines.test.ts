import { expect, it } from "vitest";
import { rabbitmq } from "./rabbitmq.ts";
import { s3 } from "./s3.ts";
import { describeWith } from "./testing.ts";

describeWith(rabbitmq, "RabbitMQ for tests", ({ url }) => {
  it("speaks AMQP 0-9-1", () => rabbitmq.ping(url));
});

describeWith(s3, "S3 for tests", ({ endpoint, bucket }) => {
  it("lets nobody in without a signature", async () => {
    expect((await fetch(`${endpoint}/${bucket}`)).status).toBe(403);
  });
});
