import { withClient } from "../../packages/server/testing/empty-database.ts";
import { type Figure, median, spread } from "./bench.ts";
import { withDatabaseCpu } from "./events-database-cpu.ts";
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
import type { Run } from "./events-by-libraries.ts";
import type { Stage } from "./events-stage.ts";

const goalPerCore = 20_000;
/** As that of the events is, with all its indexes. */
const table = "analytics.bench_events";

export async function measureTable(stage: Stage): Promise<Figure[]> {
  const { databaseUrl: url, accountId, sessionId } = stage;
  const settings = await prepareTable(url);
  const work = { kind: "pg", url, table, accountId, sessionId, batches, together } as const;
  const server = await stage.startServer({});
  try {
    const runs = await interleave({
      raw: () => runByLibrary(work),
      own: () => withDatabaseCpu(url, () => runByServer(server, sessionId)),
    });
    const there = await stage.countRecorded();
    if (there !== sentEvents)
      throw new Error(`${sentEvents} events were accepted, and ${there} are in the table`);
    const [own, raw] = [runs("own"), runs("raw")];
    const anchor = `${settings}; the server: ${tell(own)}; pg alone: ${tell(raw)}`;
    return [
      { ...rate("table: events a second of the server's CPU", own, serversCpu, goalPerCore), anchor },
      rate("table: events a second of CPU, the database's too", own, wholeCpu),
      compare("table: events/s, the server beside pg alone", { own, raw, of: "seconds" }),
    ];
  } finally {
    await server.stop();
  }
}

/** Answers how durable a commit is. */
function prepareTable(url: string): Promise<string> {
  return withClient(url, async (client) => {
    await client.query(`create table ${table} (like analytics.player_events including all)`);
    const { rows } = await client.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')",
    );
    return rows.map(({ name, setting }) => `${name} ${setting}`).join(", ");
  });
}

function serversCpu({ cpuSeconds }: Run): number {
  return cpuSeconds;
}

function wholeCpu({ cpuSeconds, databaseCpuSeconds = NaN }: Run): number {
  return cpuSeconds + databaseCpuSeconds;
}

function rate(label: string, runs: Run[], spent: (run: Run) => number, goal?: number): Figure {
  const rates = runs.map((run) => roundEvents / spent(run));
  const value = median(rates);
  return {
    label,
    value: value.toFixed(0),
    goal: goal === undefined ? "none" : `>= ${goal}`,
    met: goal === undefined || value >= goal,
    anchor: spread(rates, 0),
  };
}
