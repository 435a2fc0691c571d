import { STATUS_CODES } from "node:http";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
} from "fastify";
import { FlixError, problemOf } from "./errors.ts";
import type { Ids } from "./ids.ts";

const bodyLimitBytes = 1024 * 1024;

export interface HttpOptions {
  log: FastifyBaseLogger;
  ids: Ids;
  trustedProxies: string[];
  corsOrigins: string[];
}

/** A Fastify app with the limits, headers, errors and log lines that every route has, and no routes. */
export async function createHttp({
  log,
  ids,
  trustedProxies,
  corsOrigins,
}: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => ids.next("req"),
    trustProxy: trustedProxies.length === 0 ? false : trustedProxies,
    bodyLimit: bodyLimitBytes,
    connectionTimeout: 0,
    // A whole request, body included; slow uploads send parts of at most 8 MiB.
    requestTimeout: 120_000,
    keepAliveTimeout: 75_000,
    // Open SSE streams and keep-alive sockets must not hold a shutdown up.
    forceCloseConnections: true,
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 },
    routerOptions: { maxParamLength: 512 },
    // Requests are checked against the contract by the registrar.
    exposeHeadRoutes: false,
  });
  app.setValidatorCompiler(() => () => true);
  for (const type of [/^image\//, "application/octet-stream"]) {
    app.addContentTypeParser(type, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  }
  const securityHeaders = await readSecurityHeaders();
  // Without an origin to allow there is nothing to say to a browser, which refuses by itself.
  if (corsOrigins.length > 0) {
    await app.register(cors, {
      origin: corsOrigins,
      exposedHeaders: ["etag", "retry-after", "ratelimit", "ratelimit-policy", "x-request-id"],
      maxAge: 600,
    });
  }
  addRequestLines(app, securityHeaders);
  addErrors(app);
  return app;
}

/** The player streams from blobs (Media Source) and works in a blob worker. */
const contentSecurityPolicy = {
  "default-src": ["'self'"],
  "img-src": ["'self'", "data:", "blob:"],
  "media-src": ["'self'", "blob:"],
  "worker-src": ["'self'", "blob:"],
  "style-src": ["'self'", "'unsafe-inline'"],
  "connect-src": ["'self'"],
  "frame-ancestors": ["'none'"],
  "form-action": ["'self'"],
  "upgrade-insecure-requests": null,
};

/**
 * Helmet's headers, asked for once: they are the same for every answer, and it puts the policy together anew each time,
 * which cost as much as the rest of a kept answer.
 */
async function readSecurityHeaders(): Promise<Record<string, string>> {
  const app = Fastify();
  await app.register(helmet, { contentSecurityPolicy: { directives: contentSecurityPolicy } });
  app.get("/", (_request, reply) => reply.send());
  const { headers } = await app.inject("/");
  await app.close();
  const transport = new Set(["connection", "content-length", "date"]);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      transport.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

function addRequestLines(app: FastifyInstance, securityHeaders: Record<string, string>): void {
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(securityHeaders).header("x-request-id", request.id);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        // Never the query or the media grant: they may carry what opens something.
        route: request.routeOptions.url ?? "unknown",
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        ip: request.ip,
      },
      "request",
    );
    done();
  });
}

function addErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = asFlixError(error);
    if (problem.status >= 500) request.log.error({ err: error }, "request failed");
    return reply
      .code(problem.status)
      .headers(problem.headers)
      .type("application/problem+json")
      .send(JSON.stringify(problemOf(problem, request.id)));
  });
  app.setNotFoundHandler((request) => {
    throw new FlixError("not_found", {
      detail: `There is no ${request.method} ${request.url.split("?", 1)[0] ?? ""}.`,
    });
  });
}

const fastifyCodes: Record<string, FlixError["code"]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
};

/** Whatever was thrown, as one of the contract's codes. */
function asFlixError(error: FastifyError): FlixError {
  if (error instanceof FlixError) return error;
  const known = fastifyCodes[error.code];
  if (known !== undefined) return new FlixError(known, { cause: error });
  if (isDatabaseGone(error))
    return new FlixError("unavailable", { cause: error, headers: { "retry-after": "5" } });
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

/** PostgreSQL's class 08 and 57P0x, and a socket that does not open. */
function isDatabaseGone(error: { code?: unknown; message: string }): boolean {
  return (
    (typeof error.code === "string" &&
      /^(08...|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/.test(error.code)) ||
    /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
  );
}
