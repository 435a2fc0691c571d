import type { FastifyBaseLogger } from "fastify";

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
