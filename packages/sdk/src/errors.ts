import type { ProblemCode } from "@flix/openapi";

/**
 * The one error that the SDK throws. `code` is stable: a code of the contract, an OAuth error code (RFC 6749), or one of `LocalCode`
 * when no usable answer came.
 */
export class FlixError extends Error {
  override readonly name = "FlixError";
  /** Survives bundles that carry two copies of the SDK, where `instanceof` does not. */
  readonly isFlixError = true;
  readonly code: FlixErrorCode;
  /** The HTTP status; absent when no answer came. */
  readonly status?: number;
  readonly title: string;
  readonly detail?: string;
  /** The fields that were refused: a JSON pointer into the body, or `query.name`, `path.name`, `header.name`. */
  readonly errors: FieldError[];
  /** Name it when you report a problem. */
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
  /** What the server answered, parsed when it was JSON. */
  readonly body?: unknown;

  constructor(code: FlixErrorCode, title: string, facts: FlixErrorFacts = {}) {
    super(facts.detail ? `${title}: ${facts.detail}` : title, { cause: facts.cause });
    this.code = code;
    this.title = title;
    this.detail = facts.detail;
    this.status = facts.status;
    this.errors = facts.errors ?? [];
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.body = facts.body;
  }
}

/** What the SDK itself can meet: no answer, no answer in time, the caller's own abort, an answer that no flix server gives. */
export type LocalCode = "network_error" | "timeout" | "aborted" | "unexpected_response" | "invalid_request";

/** Known codes complete in an editor; a newer server may answer codes that this SDK does not know. */
export type FlixErrorCode = ProblemCode | LocalCode | (string & {});

export interface FieldError {
  pointer: string;
  message: string;
}

export interface FlixErrorFacts {
  status?: number;
  detail?: string;
  errors?: FieldError[];
  requestId?: string;
  retryAfterSeconds?: number;
  body?: unknown;
  cause?: unknown;
}

export function isFlixError(error: unknown): error is FlixError {
  return typeof error === "object" && error !== null && "isFlixError" in error;
}

/** The error of an answer that was not a success: a problem (RFC 9457), or whatever a proxy in between said. */
export function errorOfResponse(body: unknown, response: Response): FlixError {
  const facts = { status: response.status, retryAfterSeconds: readRetryAfter(response.headers), body };
  if (!isProblem(body)) {
    const detail = `${response.status} ${response.statusText}`;
    return new FlixError("unexpected_response", "The answer is not one of a flix server", {
      ...facts,
      detail,
    });
  }
  const { code, title, detail, errors, request_id: requestId } = body;
  return new FlixError(code, title ?? code, { ...facts, detail, errors, requestId });
}

/** Seconds, or an HTTP date (RFC 9110, section 10.2.3). */
export function readRetryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? (Date.parse(value) - Date.now()) / 1000 : seconds;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

interface ProblemBody {
  code: string;
  title?: string;
  detail?: string;
  errors?: FieldError[];
  request_id?: string;
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}
