import type { FastifyBaseLogger } from "fastify";
import type { Admin } from "kafkajs";
import { withinMs } from "../../kernel/within-ms.ts";
import type { EventStream, Subscription } from "./event-stream.ts";
import type { KafkaLocation } from "./location.ts";
import { createAvailability } from "./kafka/availability.ts";
import { createClient } from "./kafka/client.ts";
import { Consumption } from "./kafka/consumption.ts";
import { explain } from "./kafka/explain.ts";
import { Sender } from "./kafka/sender.ts";
import { deadLettersOf, ensureTopics, topicOf } from "./kafka/topics.ts";

const publishMs = 5_000;
/** A process that ends waits for a broker that is gone this long, then leaves its place in the group to time. */
const leaveMs = 3_000;

/** Asks until an outage of this many seconds is over, and keeps the place in the group. */
const ridingOut = { requestMs: 5_000, retries: 20 };
const askingOnce = { requestMs: 1_500, retries: 0 };
const sending = { requestMs: 4_000, retries: 1 };

/** A stream through Kafka; throws an EventsError when the cluster or its topics cannot be used. */
export async function openKafkaStream(location: KafkaLocation, log: FastifyBaseLogger): Promise<EventStream> {
  const availability = createAvailability(log, location);
  const kafka = createClient(location, sending, log);
  const sender = new Sender({ kafka, availability, deadlineMs: publishMs });
  try {
    await withAdmin(kafka.admin(), (admin) => ensureTopics(admin, location));
    await sender.connect();
  } catch (error) {
    throw explain(error, location);
  }
  const subscriptions: Subscription[] = [];
  let consumptions: Consumption[] = [];
  const asking = createClient(location, askingOnce, log);
  return {
    shared: true,
    async publish(unit, topic, messages) {
      if (!unit.validateOnly) await sender.publish(topicOf(location, topic), messages);
      return undefined;
    },
    subscribe: (subscription) => void subscriptions.push(subscription),
    start(runtime) {
      consumptions = subscriptions.map(
        (subscription) =>
          new Consumption({
            kafka: createClient(location, ridingOut, log),
            log,
            availability,
            subscription,
            runtime,
            topic: topicOf(location, subscription.topic),
            group: `${location.prefix}-${subscription.group}`,
            bury: (message) => sender.publish(deadLettersOf(location, subscription.topic), [message]),
          }),
      );
    },
    async stop() {
      await withinMs(Promise.all(consumptions.map((consumption) => consumption.stop())), leaveMs);
    },
    async check() {
      try {
        await withAdmin(asking.admin(), (admin) => admin.describeCluster());
        if (sender.lost) throw new Error("Events cannot be published");
        availability.back("checking");
      } catch (error) {
        availability.lost("checking", error);
        throw explain(error, location);
      }
    },
    close: () => withinMs(sender.close(), leaveMs),
  };
}

async function withAdmin(admin: Admin, work: (admin: Admin) => Promise<unknown>): Promise<void> {
  try {
    await admin.connect();
    await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
