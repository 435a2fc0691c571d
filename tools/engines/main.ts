/**
 * `pnpm engines up|down|status|env [engine...] [--json]`: real engines on this machine's loopback, under `.engines/`. `up` starts what
 * is not running and prints where each answers; `down` stops them and removes their data; `env` prints lines for a shell:
 * `eval "$(pnpm --silent engines env)"`.
 */
import { enginePrograms, engines } from "./engines.ts";
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
      const statuses = await up(chosen(engines), chosen(enginePrograms));
      print(statuses);
      if (statuses.some(({ state }) => !["running", "installed"].includes(state))) process.exitCode = 1;
      return;
    }
    case "down":
      return down();
    case "status":
      return print(await statusOf(chosen(engines)));
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

function chosen<Kind extends { name: string }>(kinds: readonly Kind[]): readonly Kind[] {
  const known = [...engines, ...enginePrograms].map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no engine ${unknown.join(", ")}: there are ${known.join(", ")}.`);
  }
  return names.length === 0 ? kinds : kinds.filter(({ name }) => names.includes(name));
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
    console.log([status.name.padEnd(11), status.state.padEnd(9), ...detailsOf(status)].join(" "));
  }
}

function detailsOf(status: Status): string[] {
  switch (status.state) {
    case "installed":
      return [status.version, status.path];
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
