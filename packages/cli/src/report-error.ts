import { exitCodes } from "./command.ts";
import { CliError, messageOf } from "./errors.ts";
import type { Host } from "./host.ts";
import { nextStep } from "./next-step.ts";
import { isPlatformError, type PlatformError } from "./platform-error.ts";
import { printable } from "./printable.ts";

/** Says what went wrong and what to do next, on stderr; answers the exit code. */
export function reportError(error: unknown, host: Pick<Host, "stderr" | "signal">, json: boolean): number {
  const { stderr, signal } = host;
  const failure = signal.aborted || isInterrupted(error) ? interrupted : explain(error);
  stderr.write(json ? `${JSON.stringify(jsonOf(failure))}\n` : textOf(failure));
  return failure.exitCode;
}

/** What went wrong, in the words of the CLI. */
export interface Failure {
  code: string;
  message: string;
  fix: string;
  exitCode: number;
  status?: number | undefined;
  requestId?: string | undefined;
  errors?: readonly { pointer: string; message: string }[];
}

const interrupted: Failure = {
  code: "interrupted",
  message: "Interrupted",
  fix: "",
  exitCode: exitCodes.interrupted,
};

export function explain(error: unknown): Failure {
  if (error instanceof CliError) return error;
  if (isPlatformError(error)) return describePlatformError(error);
  if (isExplained(error)) return describeExplained(error);
  return {
    code: "unexpected",
    message: messageOf(error),
    fix: "This is a fault of flix: please report it with what you ran.",
    exitCode: exitCodes.failed,
  };
}

/** Behind an upload that failed stands what the platform answered. */
function describeExplained(error: ExplainedError): Failure {
  const { code, message, hint, fix = "" } = error;
  const cause = isPlatformError(error.cause) ? describePlatformError(error.cause) : undefined;
  if (cause?.exitCode === exitCodes.notSignedIn) return cause;
  return { code, message, fix: hint ?? fix, exitCode: exitCodes.failed, requestId: cause?.requestId };
}

function describePlatformError(error: PlatformError): Failure {
  const signedOut = error.status === 401 || error.code === "signed_out" || error.code === "invalid_grant";
  return {
    code: error.code,
    message: error.message,
    fix: nextStep(error),
    exitCode: signedOut ? exitCodes.notSignedIn : exitCodes.failed,
    status: error.status,
    requestId: error.requestId,
    errors: error.errors,
  };
}

function textOf({ code, message, fix, requestId, errors = [] }: Failure): string {
  const facts = [code, requestId].filter(
    (fact) => fact !== undefined && fact !== "usage" && fact !== "interrupted",
  );
  const lines = [`error: ${printable(message)}${facts.length > 0 ? ` [${facts.join(", ")}]` : ""}`];
  for (const { pointer, message: reason } of errors)
    lines.push(`       ${printable(`${pointer}: ${reason}`)}`);
  if (fix) lines.push(`next:  ${printable(fix)}`);
  return `${lines.join("\n")}\n`;
}

/** One line, so that it can be told from the progress events before it. */
function jsonOf({ code, message, fix, exitCode, status, requestId, errors }: Failure) {
  return {
    code,
    message,
    ...(fix && { fix }),
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { request_id: requestId }),
    ...(errors && errors.length > 0 && { errors }),
    exit_code: exitCode,
  };
}

/** The errors of the encoder (`hint`), and of the server's start, which say what to do in `fix` or in their message. */
interface ExplainedError extends Error {
  code: string;
  hint?: string;
  fix?: string;
}

/** Codes of our own are words in lower case; those of the system (`ENOENT`) and of Node (`ERR_...`) are not. */
function isExplained(error: unknown): error is ExplainedError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    /^[a-z_]+$/.test(error.code)
  );
}

/** Ctrl-C in a prompt. */
function isInterrupted(error: unknown): boolean {
  return error instanceof Error && error.name === "ExitPromptError";
}
