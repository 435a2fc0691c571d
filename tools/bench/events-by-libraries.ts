/** The anchors, each in a process of its own: what the libraries alone take to make the same batches durable. */
import { once } from "node:events";
import { createClient } from "../../packages/server/src/engines/events/kafka/client.ts";
import type { KafkaLocation } from "../../packages/server/src/engines/events/location.ts";
import { createLog } from "../../packages/server/src/kernel/log.ts";
import { withClient } from "../../packages/server/testing/empty-database.ts";
import { makeBatches, timed } from "./events-batches.ts";
import { withDatabaseCpu } from "./events-database-cpu.ts";

export type LibraryWork = { sessionId: string; batches: number; together: number } & (
  | { kind: "pg"; url: string; table: string; accountId: string }
  | { kind: "kafkajs"; location: KafkaLocation; topic: string; headers: Record<string, string> }
);

/** What a round took until its last batch was durable. */
export interface Run {
  seconds: number;
  cpuSeconds: number;
  databaseCpuSeconds?: number;
}

const [given] = await once(process, "message");
process.send?.(await run(given));
process.disconnect();

function run(work: LibraryWork): Promise<Run> {
  return work.kind === "pg" ? insert(work) : produce(work);
}

/** One statement a batch, which PostgreSQL takes apart: cheaper for the client than 1,200 parameters. */
async function insert(work: Extract<LibraryWork, { kind: "pg" }>): Promise<Run> {
  const statement = `insert into ${work.table} (account_id, event_id, session_id, seq, type, client_ts, server_ts,
      playhead_seconds, play_ms, stall_ms, bitrate_kbps, height, cdn)
    select $1, event_id, session_id, seq, type, client_ts, now(), playhead_seconds, play_ms, stall_ms, bitrate_kbps, height, cdn
    from jsonb_to_recordset($2::jsonb) as event (event_id uuid, session_id text, seq integer, type text,
      client_ts timestamptz, playhead_seconds double precision, play_ms integer, stall_ms integer,
      bitrate_kbps integer, height integer, cdn text)
    on conflict (account_id, event_id) do nothing`;
  const connections: ((batch: string) => Promise<unknown>)[] = [];
  const { promise: done, resolve: end } = Promise.withResolvers<void>();
  const open = () =>
    new Promise<void>((resolve, reject) => {
      withClient(work.url, async (client) => {
        connections.push((batch) =>
          client.query({ name: "add", text: statement, values: [work.accountId, batch] }),
        );
        resolve();
        await done;
      }).catch(reject);
    });
  await Promise.all(Array.from({ length: work.together }, open));
  try {
    const send = async (batch: string) => {
      const add = connections.pop();
      if (add === undefined) throw new Error("Every connection is in use");
      await add(batch);
      connections.push(add);
    };
    return await withDatabaseCpu(work.url, () => measure(work, send));
  } finally {
    end();
  }
}

/** As durable as the server's: acknowledged by all replicas, no repeats. */
async function produce(work: Extract<LibraryWork, { kind: "kafkajs" }>): Promise<Run> {
  const client = createClient(work.location, { requestMs: 5_000, retries: 1 }, createLog("silent"));
  const producer = client.producer({ idempotent: true, retry: { retries: 1 } });
  await producer.connect();
  const { topic, headers } = work;
  const run = await measure(work, (value) =>
    producer.send({ topic, acks: -1, messages: [{ key: work.sessionId, value, headers }] }),
  );
  await producer.disconnect();
  return run;
}

async function measure(
  { sessionId, batches, together }: LibraryWork,
  send: (batch: string) => Promise<unknown>,
): Promise<Run> {
  const made = makeBatches(sessionId, batches);
  const [first, ...rest] = made;
  if (first !== undefined) await send(first);
  const before = process.cpuUsage();
  const seconds = await timed(rest, together, send);
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}
