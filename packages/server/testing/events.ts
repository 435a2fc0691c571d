import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { findAccess, whyMissing } from "../../../tools/engines/find-access.ts";
import { kafka } from "../../../tools/engines/kafka.ts";
import { embedded, type TestEngine } from "./test-engine.ts";

/** Events go to their handlers at once, or through a Kafka where the run is about it: by topics and groups of the platform's own. */
export function testEvents(): TestEngine {
  if (process.env["FLIX_TEST_EVENTS"] !== "kafka") return embedded;
  const access = findAccess(kafka);
  if (access === undefined) throw new Error(`This run ${whyMissing(kafka)}`);
  const { brokers } = access;
  const prefix = `test-${randomUUID()}`;
  return {
    environment: { KAFKA_BROKERS: brokers, FLIX_KAFKA_PREFIX: prefix, FLIX_KAFKA_PARTITIONS: "1" },
    remove: () => removeEvents(brokers, prefix),
  };
}

/** For what only holds without a broker, in any run: it takes what is published before anybody looks for repeats. */
export const withoutBroker = { KAFKA_BROKERS: "" };

/** Removes the topics of a platform; its groups, which have no place in any topic then, go by themselves. */
export async function removeEvents(brokers: string, prefix: string): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(","), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${prefix}.`));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
