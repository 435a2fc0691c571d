import type { CommandContext } from "./context.ts";
import type { Parameter } from "./parameters.ts";

/**
 * A command is one typed object in one file, `commands/<noun>/<verb>.ts`: what it takes, examples, and what it does. Its summary stands in
 * `registry.ts`, so that help needs no command's file.
 */
export function defineCommand<A extends Parameters, O extends Parameters>(
  shape: CommandShape<A, O>,
): Command {
  return {
    details: shape.details,
    arguments: shape.arguments ?? {},
    options: shape.options ?? {},
    examples: shape.examples,
    run: shape.run,
  };
}

export interface CommandShape<A extends Parameters, O extends Parameters> {
  /** What the one-line summary leaves open. */
  details?: string;
  /** Positional, in this order. */
  arguments?: A;
  /** `dryRun` is written `--dry-run`. */
  options?: O;
  examples: readonly [Example, ...Example[]];
  /** Answers the exit code when that is not 0; anything thrown becomes an error message and its code. */
  run(values: Values<A> & Values<O>, context: CommandContext): Promise<number | void>;
}

export type Parameters = Record<string, Parameter<unknown>>;

type Values<P extends Parameters> = {
  [Name in keyof P]: P[Name] extends Parameter<infer Value> ? Value : never;
};

export interface Example {
  command: string;
  does: string;
}

/** A command as the parser sees it: the values that it read are not known to it. */
export interface Command {
  readonly details: string | undefined;
  readonly arguments: Parameters;
  readonly options: Parameters;
  readonly examples: readonly Example[];
  run(values: Record<string, unknown>, context: CommandContext): Promise<number | void>;
}

export const exitCodes = { ok: 0, failed: 1, usage: 2, notSignedIn: 4, interrupted: 130 } as const;
