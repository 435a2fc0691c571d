import { runCli } from "./cli.ts";
import { exitCodes } from "./command.ts";
import { systemCodeOf } from "./errors.ts";
import type { Host } from "./host.ts";

/**
 * The CLI as this process. The first SIGINT or SIGTERM asks the command to end and waits for it; a second one does not wait. A reader of our output that goes away
 * (`flix titles list | head`) is no failure.
 */
export async function runProcess({ argv, env, stdin, stdout, stderr }: NodeJS.Process): Promise<number> {
  const abort = new AbortController();
  let received: keyof typeof codeOfSignal | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (received) process.exit(codeOfSignal[received]);
      received = signal;
      abort.abort(new Error(`received ${signal}`));
    });
  }
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error) => {
      if (systemCodeOf(error) === "EPIPE") process.exit(exitCodes.ok);
      throw error;
    });
  }
  const host: Host = {
    env,
    stdin,
    stdout,
    stderr,
    now: () => Date.now(),
    sleep: async (ms, wake) => {
      const timers = await import("node:timers/promises");
      return timers.setTimeout(ms, undefined, { signal: wake });
    },
    signal: abort.signal,
  };
  const code = await runCli(argv.slice(2), host);
  return code !== exitCodes.ok && received ? codeOfSignal[received] : code;
}

/** 128 + the signal's number, as shells do. */
const codeOfSignal = { SIGINT: exitCodes.interrupted, SIGTERM: 143 } as const;
