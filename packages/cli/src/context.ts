import type { Flix } from "@flix/sdk";
import type { ConfigStore } from "./config.ts";
import { CliError, usageError } from "./errors.ts";
import { isInteractive, type Host } from "./host.ts";
import { createOutput, type Output } from "./output.ts";
import { printable } from "./printable.ts";
import { openSession } from "./session.ts";
import { chooseTarget, type GlobalOptions, type Target } from "./target.ts";

/** What a command works with. */
export interface CommandContext {
  readonly host: Host;
  readonly output: Output;
  readonly config: ConfigStore;
  readonly globals: GlobalOptions;
  /** Fires when the person or the system wants the command to end. */
  readonly signal: AbortSignal;
  target(): Promise<Target>;
  /** The platform, one method an operation. */
  connect(): Promise<Flix>;
  /** As `connect`, for work that still has something to tell the platform once the signal has fired. */
  connectToTheEnd(): Promise<Flix>;
  /** Asks on a terminal; elsewhere only `--yes` says yes. */
  confirm(question: string, yes: boolean): Promise<void>;
}

export function createContext(
  host: Host,
  config: ConfigStore,
  globals: GlobalOptions,
  json: boolean,
): CommandContext {
  const { signal } = host;
  const target = async () => chooseTarget(globals, host.env, await config.read());
  return {
    host,
    output: createOutput(host, json),
    config,
    globals,
    signal,
    target,
    connect: async () => openSession({ target: await target(), config, signal }),
    connectToTheEnd: async () => openSession({ target: await target(), config }),
    async confirm(question, yes) {
      if (yes) return;
      if (!isInteractive(host))
        throw usageError("This cannot be undone, and nobody can be asked here", "Add --yes.");
      const { confirm } = await import("@inquirer/prompts");
      const agreed = await confirm(
        { message: printable(question), default: false },
        { output: host.stderr, signal },
      );
      if (!agreed) throw new CliError("declined", { message: "Nothing was done", fix: "" });
    },
  };
}
