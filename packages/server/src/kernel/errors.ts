import { problems, type ProblemCode } from "@flix/openapi";

export interface FieldError {
  /** JSON pointer into the body, or `query.name`, `path.name`, `header.name`. */
  pointer: string;
  message: string;
}

export interface FlixErrorOptions {
  detail?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
  cause?: unknown;
}

/** The one error that handlers throw; its code is listed in the contract, which gives status and title. */
export class FlixError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(code: ProblemCode, options: FlixErrorOptions = {}) {
    const { status, title } = problems[code];
    super(options.detail ?? title, { cause: options.cause });
    this.name = "FlixError";
    this.code = code;
    this.status = status;
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail?: string;
  request_id: string;
  errors?: FieldError[];
}

/** The RFC 9457 body of an error. */
export function problemOf(error: FlixError, requestId: string): Problem {
  const { status, title } = problems[error.code];
  return {
    type: `/docs/errors/${error.code}`,
    title,
    status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    request_id: requestId,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
}
