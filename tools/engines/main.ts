/**
 * `pnpm engines up|down|status|env [engine...] [--json]`: real engines on this machine's loopback, under `.engines/`. `up` starts what
 * is not running and prints where each answers; `down` stops them and removes their data; `env` prints lines for a shell:
 * `eval "$(pnpm --silent engines env)"`.
 */
import { engines } from "./engines.ts";
import { findRunning } from "./run-folder.ts";
import { down, statusOf, up, type Status } from "./up.ts";

const words = process.argv.slice(2);
const json = words.includes("--json");
const [verb, ...names] = words.filter((word) => !word.startsWith("-"));

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  switch (verb) {
    case "up": {
      const statuses = await up(chosen());
      print(statuses);
      if (statuses.some(({ state }) => state !== "running")) process.exitCode = 1;
      return;
    }
    case "down":
      return down();
    case "status":
      return print(await statusOf(chosen()));
    case "env":
      for (const [name, value] of Object.entries(variables())) console.log(`export ${name}='${value}'`);
      return;
    case undefined:
    default:
      throw new Error(
        "Say `pnpm engines up`, `down`, `status` or `env`, and the names of engines or none for all.",
      );
  }
}

function chosen() {
  const unknown = names.filter((name) => !engines.some((engine) => engine.name === name));
  if (unknown.length > 0) {
    const known = engines.map(({ name }) => name).join(", ");
    throw new Error(`There is no engine ${unknown.join(", ")}: there are ${known}.`);
  }
  return names.length === 0 ? engines : engines.filter(({ name }) => names.includes(name));
}

/** Of the engines that run. */
function variables(): Record<string, string> {
  const found = engines.map((engine) => {
    const running = findRunning(engine.name);
    return running === undefined ? {} : engine.variables(running.url);
  });
  return Object.assign({}, ...found);
}

function print(statuses: Status[]): void {
  if (json) return console.log(JSON.stringify({ engines: statuses, variables: variables() }, null, 2));
  for (const status of statuses) {
    console.log([status.name.padEnd(10), status.state.padEnd(8), ...detailsOf(status)].join(" "));
  }
}

function detailsOf(status: Status): string[] {
  switch (status.state) {
    case "running":
      return [status.version, status.url];
    case "missing":
    case "failed":
      return [status.reason];
    case "stopped":
      return [];
    default:
      return status satisfies never;
  }
}
