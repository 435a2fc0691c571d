import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from "fastify";
import type { FlixError } from "./errors.ts";

const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
type Line = Parameters<FastifyBaseLogger["info"]>;

/**
 * A request's own log, which names it in every line. The child of pino behind it is made by its first line: with redaction
 * a child costs 10 us, and most requests write none but the one at their end, which names the request by itself.
 */
export function createRequestLog(
  parent: FastifyBaseLogger,
  bindings: Record<string, unknown>,
): FastifyBaseLogger {
  const log: LazyLog = Object.create(writers);
  log.parent = parent;
  log.bindings = bindings;
  log.level = parent.level;
  return log;
}

declare module "fastify" {
  interface FastifyRequest {
    /** What it was answered with, where that was none of its operation's successes. */
    problem: FlixError | undefined;
  }
}

/** One line for each request, at its end. */
export function logRequests(app: FastifyInstance): void {
  app.decorateRequest("problem", undefined);
  app.addHook("onResponse", (request, reply, done) => {
    const line = {
      reqId: request.id,
      method: request.method,
      // Never the query or the media grant: they may carry what opens something.
      route: request.routeOptions.url ?? "unknown",
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
      ip: request.ip,
      ...problemOf(request),
    };
    app.log[reply.statusCode >= 500 ? "warn" : "info"](line, "request");
    done();
  });
}

/** Why it was not answered now, in the words of what failed; what is wrong with us has a line of its own. */
function problemOf({ problem }: FastifyRequest): object | undefined {
  if (problem === undefined) return undefined;
  const { code, status, cause } = problem;
  if (status !== 503) return { code };
  return { code, reason: cause instanceof Error ? cause.message || cause.name : problem.message };
}

interface LazyLog extends FastifyBaseLogger {
  parent: FastifyBaseLogger;
  bindings: Record<string, unknown>;
  made: FastifyBaseLogger | undefined;
}

function madeOf(log: LazyLog): FastifyBaseLogger {
  return (log.made ??= log.parent.child(log.bindings));
}

/** Shared by all, so that a request's log is one small object. */
const writers = {
  ...Object.fromEntries(
    levels.map((level) => [
      level,
      function write(this: LazyLog, ...line: Line) {
        madeOf(this)[level](...line);
      },
    ]),
  ),
  silent() {},
  child(this: LazyLog, ...bindings: Parameters<FastifyBaseLogger["child"]>) {
    return madeOf(this).child(...bindings);
  },
};
