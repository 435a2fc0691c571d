/** A real engine that `pnpm engines` can start on this machine's loopback, for tests, benchmarks and trials. */
export interface Engine<Access = unknown> {
  readonly name: string;
  /** Finds its program, or gets it into `cache`; throws `EngineMissing` where this machine cannot have it. */
  provide(cache: string): Promise<Program>;
  /** Writes what it needs into an empty folder, chooses its ports, and says how to run it in the foreground. */
  prepare(folder: string, program: Program): Promise<Launch>;
  /** Throws until it answers. */
  ping(url: string): Promise<void>;
  /** What a client needs, for code. */
  access(url: string): Access;
  /** What a client needs, for a shell. */
  variables(url: string): Record<string, string>;
  /** The access to another engine of the kind, which the environment names for tests. */
  named(environment: Record<string, string | undefined>): Access | undefined;
}

/** A program that tests start themselves, with settings of their own. */
export interface EngineProgram {
  readonly name: string;
  /** Finds it, or gets it; throws `EngineMissing` where this machine cannot have it. */
  provide(): Promise<Program>;
  /** Its path, where it is there already. */
  find(): string | undefined;
}

export interface Program {
  path: string;
  version: string;
}

export interface Launch {
  command: string[];
  environment: Record<string, string>;
  /** Where it will answer. */
  url: string;
}

/** This machine cannot have the engine; the message says why, and what to install. */
export class EngineMissing extends Error {}
