/** An error that the CLI throws on purpose: one line what, one line what to do next. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: string;
  /** A sentence to the operator. */
  readonly fix: string;
  readonly exitCode: number;
  /** What is wrong, place by place. */
  readonly errors: readonly { pointer: string; message: string }[];

  constructor(code: string, { message, fix, exitCode = 1, errors = [], cause }: CliErrorFacts) {
    super(message, { cause });
    this.code = code;
    this.fix = fix;
    this.exitCode = exitCode;
    this.errors = errors;
  }
}

export interface CliErrorFacts {
  message: string;
  fix: string;
  exitCode?: number;
  errors?: readonly { pointer: string; message: string }[];
  cause?: unknown;
}

/** Exit code 2: the command line itself is wrong. */
export function usageError(message: string, fix = ""): CliError {
  return new CliError("usage", { message, fix, exitCode: 2 });
}

/** Exit code 4. */
export function notSignedIn(message: string, fix = "Sign in with `flix login`."): CliError {
  return new CliError("not_signed_in", { message, fix, exitCode: 4 });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system error (ENOENT, EPIPE ...), if it is one. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
