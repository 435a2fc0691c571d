import { randomUUID } from "node:crypto";
import pino from "pino";
import { kafka } from "../../../../../tools/engines/kafka.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import type { KafkaLocation } from "./location.ts";
import { openKafkaStream } from "./kafka.ts";
import { describeEventStream } from "./testing/event-stream-suite.ts";

const log = pino({ level: process.env["FLIX_TEST_LOG"] ?? "silent" });

describeWith(kafka, "Kafka", (access) => {
  const location = (): KafkaLocation => ({
    brokers: access.brokers.split(","),
    prefix: `test-${randomUUID()}`,
    tls: undefined,
    sasl: undefined,
    partitions: 3,
    replication: undefined,
    minInSync: undefined,
  });

  describeEventStream("a stream through Kafka", () => openKafkaStream(location(), log));
});
