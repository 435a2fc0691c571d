/** All that the CLI takes from the outside: time, environment and streams enter here only. */
export interface Host {
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Ends the wait early, with the signal's reason, when it fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Fires on SIGINT and SIGTERM. */
  signal: AbortSignal;
}

/** A person can be asked: both ends are a terminal, and no CI runs this. */
export function isInteractive({ stdin, stderr, env }: Host): boolean {
  return stdin.isTTY && stderr.isTTY && !env["CI"] && env["TERM"] !== "dumb";
}
