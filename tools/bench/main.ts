/**
 * `pnpm bench [name...]`: each figure as a ratio to an anchor measured in the same run, since seconds of two machines do
 * not compare. A figure that misses its goal is told, and does not fail the run; what could not be measured does. To try one in little:
 * FLIX_ROUNDS, FLIX_CLIP_SECONDS (ingest, workers), FLIX_CLIPS (ladder, preflight), FLIX_GB (memory, uploads), FLIX_TITLES (growth).
 */
import { parseArgs } from "node:util";
import { type Bench, BenchMissing, type Figure } from "./bench.ts";
import { describeMachine, watchMachine } from "./machine.ts";

const benches: Record<string, () => Promise<Bench>> = {
  api: async () => (await import("./api.ts")).api,
  gateway: async () => (await import("./gateway.ts")).gateway,
  growth: async () => (await import("./growth.ts")).growth,
  cli: async () => (await import("./cli.ts")).cli,
  sdk: async () => (await import("./sdk.ts")).sdk,
  ingest: async () => (await import("./ingest.ts")).ingest,
  preflight: async () => (await import("./preflight.ts")).preflight,
  ladder: async () => (await import("./ladder.ts")).ladder,
  workers: async () => (await import("./workers.ts")).workers,
  memory: async () => (await import("./memory.ts")).memory,
  events: async () => (await import("./events.ts")).events,
  uploads: async () => (await import("./uploads.ts")).uploads,
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
console.log(describeMachine());
for (const [name, load] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const bench = await load();
  console.log(`\n${name}: ${bench.question}`);
  const tellMachine = watchMachine();
  try {
    for (const figure of await bench.run()) print(figure);
    console.log(`  ${tellMachine()}`);
  } catch (error) {
    if (!(error instanceof BenchMissing)) throw error;
    console.error(`  skipped: ${error.message}`);
    process.exitCode = 1;
  }
}

function print({ label, value, goal, met, anchor }: Figure): void {
  const judged = goal === "none" ? "" : met ? "met" : "MISSED";
  console.log(
    `  ${label.padEnd(58)} ${value.padStart(10)}   goal ${goal.padEnd(10)} ${judged}   (${anchor})`,
  );
}
