/**
 * `pnpm bench [name...]`: each figure as a ratio to an anchor measured in the same run, since seconds of two machines do
 * not compare. A figure that misses its goal is told, and does not fail the run.
 */
import { parseArgs } from "node:util";
import type { Bench } from "./bench.ts";

const benches: Record<string, () => Promise<Bench>> = {
  api: async () => (await import("./api.ts")).api,
  cli: async () => (await import("./cli.ts")).cli,
  sdk: async () => (await import("./sdk.ts")).sdk,
  ingest: async () => (await import("./ingest.ts")).ingest,
  preflight: async () => (await import("./preflight.ts")).preflight,
  ladder: async () => (await import("./ladder.ts")).ladder,
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
for (const [name, load] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const bench = await load();
  console.log(`\n${name}: ${bench.question}`);
  for (const { label, value, goal, met, anchor } of await bench.run()) {
    console.log(
      `  ${label.padEnd(58)} ${value.padStart(10)}   goal ${goal.padEnd(10)} ${goal === "none" ? "" : met ? "met" : "MISSED"}   (${anchor})`,
    );
  }
}
