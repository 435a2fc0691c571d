import type { ProblemCode } from "@flix/openapi";

/**
 * The one error that the SDK throws. `code` is stable: a code of the contract, an OAuth error code (RFC 6749), or one of `LocalCode`
 * when no usable answer came.
 */
export class FlixError extends Error {
  override readonly name = "FlixError";
  /** Survives bundles that carry two copies of the SDK, where `instanceof` does not. */
  readonly isFlixError = true;
  declare readonly code: FlixErrorCode;
  declare readonly title: string;
  declare readonly detail?: string;
  /** The HTTP status; absent when no answer came. */
  declare readonly status?: number;
  /** The fields that were refused: a JSON pointer into the body, or `query.name`, `path.name`, `header.name`. */
  readonly errors: FieldError[] = [];
  /** Name it when you report a problem. */
  declare readonly requestId?: string;
  declare readonly retryAfterSeconds?: number;
  /** What the server answered, parsed when it was JSON. */
  declare readonly body?: unknown;

  constructor(code: FlixErrorCode, title: string, facts: FlixErrorFacts = {}) {
    super(facts.detail ? `${title}: ${facts.detail}` : title, facts);
    Object.assign(this, { code, title }, facts);
  }
}

/** What the SDK itself finds out, without the server or against its answer. */
export type LocalCode =
  | "network_error"
  | "timeout"
  | "aborted"
  | "unexpected_response"
  | "invalid_request"
  | "signed_out"
  | "state_mismatch"
  | "expired_token"
  | "insecure_context"
  | "file_changed"
  | "upload_incomplete"
  | "webhook_signature_invalid"
  | "webhook_too_old";

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
  const { status, headers } = response;
  const facts = { status, retryAfterSeconds: readRetryAfter(headers), body };
  if (!isProblem(body)) return unexpectedResponse(`HTTP ${status}`, facts);
  const { code, title, detail, errors = [], request_id: requestId } = body;
  return new FlixError(code, title ?? code, { ...facts, detail, errors, requestId });
}

export function unexpectedResponse(detail: string, facts: FlixErrorFacts): FlixError {
  return new FlixError("unexpected_response", "Not the answer of a flix server", { ...facts, detail });
}

/** Seconds, or an HTTP date (RFC 9110, section 10.2.3). */
export function readRetryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const seconds = Number.isNaN(Number(value)) ? (Date.parse(value) - Date.now()) / 1000 : Number(value);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

interface ProblemBody {
  code: string;
  title?: string;
  detail?: string;
  errors?: FieldError[];
  request_id?: string;
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "code" in body;
}
