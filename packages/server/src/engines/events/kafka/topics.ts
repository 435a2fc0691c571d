import type { Admin, ITopicConfig } from "kafkajs";
import { EventsError } from "../errors.ts";
import type { Topic } from "../event-stream.ts";
import type { KafkaLocation } from "../location.ts";
import { faultOf } from "./faults.ts";

export function topicOf({ prefix }: Pick<KafkaLocation, "prefix">, topic: Topic): string {
  return `${prefix}.${topic}`;
}

/** Where messages go that the handlers of a topic cannot take. */
export function deadLettersOf(location: Pick<KafkaLocation, "prefix">, topic: Topic): string {
  return `${topicOf(location, topic)}.dead`;
}

/** Makes the topics that are not there; of the others only that they may be read and written is asked. */
export async function ensureTopics(admin: Admin, location: KafkaLocation): Promise<void> {
  const wanted = [
    topicOf(location, "events"),
    topicOf(location, "player-events"),
    deadLettersOf(location, "player-events"),
  ];
  const there = new Set(await admin.listTopics());
  const missing = wanted.filter((topic) => !there.has(topic));
  if (missing.length === 0) return;
  try {
    // Another process may be making them at the same time: then this says false.
    await admin.createTopics({
      topics: missing.map((topic) => configurationOf(topic, location)),
      waitForLeaders: true,
    });
  } catch (cause) {
    throw new EventsError(
      "kafka_topic_missing",
      `KAFKA_BROKERS=${location.brokers.join(",")}: there ${missing.length === 1 ? "is no topic" : "are no topics"} ${missing.join(", ")} that this user may use, and ${reasonOf(cause)}. Create ${missing.length === 1 ? "it" : "them"}, allow Create on the cluster, set FLIX_KAFKA_REPLICATION to brokers that it has, or name another FLIX_KAFKA_PREFIX.`,
      { cause },
    );
  }
}

function configurationOf(topic: string, { partitions, replication, minInSync }: KafkaLocation): ITopicConfig {
  const entries = minInSync === undefined ? [] : [{ name: "min.insync.replicas", value: String(minInSync) }];
  return {
    topic,
    numPartitions: partitions,
    replicationFactor: replication ?? -1,
    configEntries: entries,
  };
}

function reasonOf(cause: unknown): string {
  if (faultOf(cause) === "access denied") return "it may not create topics";
  const [line = ""] = (cause instanceof Error ? messageOf(cause) : String(cause)).split("\n");
  return `making them failed (${line})`;
}

/** kafkajs tells what went wrong with each topic in errors of an aggregate. */
function messageOf(error: Error): string {
  const errors: unknown = Reflect.get(error, "errors");
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return first instanceof Error ? first.message : error.message;
}
