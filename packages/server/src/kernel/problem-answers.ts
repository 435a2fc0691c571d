import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { retryAfterDatabaseFault } from "./database-faults.ts";
import { FlixError, problemOf } from "./errors.ts";

const problemType = "application/problem+json";

/** Answers with a problem, whatever was thrown. */
export function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = asFlixError(error);
  request.problem = problem;
  // What is not to be had now is told once, by who watches the engine.
  if (problem.status >= 500 && problem.status !== 503) request.log.error({ err: error }, "request failed");
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(problemType)
    .send(JSON.stringify(problemOf(problem, request.id)));
}

/**
 * Answers on the bare socket what is no request: bytes that do not parse, headers without end, a body that does not
 * come. The connection ends with it, since nobody knows where the next request would begin.
 */
export function refuseConnection(
  error: Error & { code?: string },
  socket: Socket,
  requestId: string,
  headers: Record<string, string>,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const problem = asConnectionError(error);
  const body = JSON.stringify(problemOf(problem, requestId));
  const lines = Object.entries({
    ...headers,
    "content-type": problemType,
    "content-length": String(Buffer.byteLength(body)),
    "x-request-id": requestId,
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join("")}\r\n${body}`);
  socket.destroySoon();
}

function asConnectionError({ code }: { code?: string }): FlixError {
  if (code === requestTimeoutCode) return new FlixError("request_timeout");
  return new FlixError("invalid_request", {
    detail:
      code === "HPE_HEADER_OVERFLOW"
        ? "The request's line and headers are larger than 16 KiB."
        : "This is not an HTTP/1.1 request.",
  });
}

/** As Node names it when a request takes longer than it may. */
export const requestTimeoutCode = "ERR_HTTP_REQUEST_TIMEOUT";

const fastifyCodes: Record<string, FlixError["code"]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  // A path that matches no resource, since no id is that long.
  FST_ERR_MAX_PARAM_LENGTH: "not_found",
};

/** Whatever was thrown, as one of the contract's codes. */
function asFlixError(error: FastifyError): FlixError {
  if (error instanceof FlixError) return error;
  const known = fastifyCodes[error.code];
  if (known !== undefined) return new FlixError(known, { cause: error });
  if (error.code === "FST_ERR_BAD_URL") {
    return new FlixError("invalid_request", {
      detail: "The path is not percent-encoded UTF-8.",
      cause: error,
    });
  }
  const retryAfter = retryAfterDatabaseFault(error);
  if (retryAfter !== undefined) {
    return new FlixError("unavailable", { cause: error, headers: { "retry-after": String(retryAfter) } });
  }
  if (error.code === "22021" || error.code === "22P05") {
    // PostgreSQL keeps every character but this one, in text (22021) and in jsonb (22P05).
    return new FlixError("invalid_request", { detail: "A text holds the character U+0000.", cause: error });
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    return new FlixError("invalid_request", {
      detail: STATUS_CODES[status] === error.message ? undefined : error.message,
      cause: error,
    });
  }
  return new FlixError("internal_error", { cause: error });
}
