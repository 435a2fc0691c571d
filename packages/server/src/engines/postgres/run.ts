import { spawn, type SpawnOptions } from "node:child_process";

export interface Finished {
  /** Exit status; -1 when the program could not be started or was ended by a signal. */
  status: number;
  output: string;
}

/** Runs a program to its end and collects what it said on either stream. */
export function run(program: string, args: string[], options: SpawnOptions): Promise<Finished> {
  const { promise, resolve } = Promise.withResolvers<Finished>();
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString("utf8");
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  child.on("error", (error) => resolve({ status: -1, output: error.message }));
  child.on("close", (status) => resolve({ status: status ?? -1, output: output.trim() }));
  return promise;
}

/**
 * The environment of every PostgreSQL program: without the caller's PG* variables, which would redirect it to
 * another server, and with messages in English, because they end up in our errors.
 */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return { ...Object.fromEntries(inherited), LC_ALL: "C", TZ: "UTC" };
}
