import { withClient } from "../../packages/server/testing/empty-database.ts";
import { processCpuSeconds } from "./cpu.ts";
import type { Run } from "./events-by-libraries.ts";

/** With what the processes of this database spent meanwhile, on the same machine; the connections are still open at its end. */
export async function withDatabaseCpu(url: string, work: () => Promise<Run>): Promise<Run> {
  const before = await cpuSecondsOf(url);
  const run = await work();
  const after = await cpuSecondsOf(url);
  const spent = [...after].map(([pid, cpuSeconds]) => cpuSeconds - (before.get(pid) ?? 0));
  return { ...run, databaseCpuSeconds: spent.reduce((sum, cpuSeconds) => sum + cpuSeconds, 0) };
}

/** By process. */
function cpuSecondsOf(url: string): Promise<Map<number, number>> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    return new Map(rows.map(({ pid }) => [pid, processCpuSeconds(pid)]));
  });
}
