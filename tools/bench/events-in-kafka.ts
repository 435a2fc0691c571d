import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "../../packages/server/src/engines/events/kafka/client.ts";
import { createLog } from "../../packages/server/src/kernel/log.ts";
import { withClient } from "../../packages/server/testing/empty-database.ts";
import type { Figure } from "./bench.ts";
import { eventsTogether } from "./events-batches.ts";
import {
  batches,
  compare,
  interleave,
  roundEvents,
  runByLibrary,
  runByServer,
  sentEvents,
  tell,
  together,
} from "./events-rounds.ts";
import type { Stage, StageServer } from "./events-stage.ts";

const goalRatio = 0.8;
const partitions = 6;

export async function measureKafka(stage: Stage, brokers: string): Promise<Figure[]> {
  const prefix = `bench-${randomUUID()}`;
  const [topic, ownTopic] = [`${prefix}.raw`, `${prefix}.player-events`];
  const tls = { tls: undefined, sasl: undefined };
  const location = { brokers: brokers.split(","), prefix, ...tls, ...asTheCluster };
  const admin = createClient(location, { requestMs: 5_000, retries: 3 }, createLog("silent")).admin();
  await admin.connect();
  const server = await stage.startServer({ KAFKA_BROKERS: brokers, FLIX_KAFKA_PREFIX: prefix });
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
    const { accountId: account_id, sessionId } = stage;
    const headers = { account_id, server_ts: new Date().toISOString(), count: String(eventsTogether) };
    const work = { kind: "kafkajs", location, topic, headers, sessionId, batches, together } as const;
    const runs = await interleave({ raw: () => runByLibrary(work), ...(await roundsOf(stage, server)) });
    const kept = async (name: string) => {
      const ends = await admin.fetchTopicOffsets(name);
      return ends.reduce((sum, { offset }) => sum + Number(offset), 0) * eventsTogether;
    };
    const there = [await kept(topic), await kept(ownTopic)];
    if (there.join() !== [sentEvents, 2 * sentEvents].join())
      throw new Error(`The topics have ${there.join(" and ")} events, not all that were accepted`);
    const [own, raw] = [runs("own"), runs("raw")];
    const anchor = `kafkajs alone: ${tell(raw)}; the server: ${tell(own)}`;
    const label = "Kafka: events/s, the server beside kafkajs alone";
    return [
      { ...compare(label, { own, raw, of: "seconds", goal: goalRatio }), anchor },
      compare("Kafka: 1 / CPU of that", { own, raw, of: "cpuSeconds" }),
      compare("Kafka: events/s while it also writes them to the table", {
        own: runs("writing"),
        raw,
        of: "seconds",
      }),
    ];
  } finally {
    await server.stop();
    const ours = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
    await admin.deleteTopics({ topics: ours });
    await admin.deleteGroups([`${prefix}-analytics`]);
    await admin.disconnect();
  }
}

const asTheCluster = { partitions, replication: undefined, minInSync: undefined };

/**
 * What is accepted is what the broker has. The same process also reads it back and writes it to the table, which in one kind of
 * round has to wait: nobody does so for kafkajs. No round begins before all of the last one is in the table.
 */
async function roundsOf(stage: Stage, server: StageServer) {
  let written = await stage.countRecorded();
  const accept = async () => {
    const run = await runByServer(server, stage.sessionId);
    written += roundEvents;
    return run;
  };
  const finish = async () => {
    while ((await stage.countRecorded()) < written) await delay(20);
  };
  return {
    own: () => whileLocked(stage.databaseUrl, "analytics.player_events", accept).finally(finish),
    writing: () => accept().finally(finish),
  };
}

/** Nobody else writes to the table until the work is done. */
function whileLocked<Result>(url: string, table: string, work: () => Promise<Result>): Promise<Result> {
  return withClient(url, async (client) => {
    await client.query(`begin; lock table ${table} in exclusive mode`);
    return work().finally(() => client.query("commit"));
  });
}
