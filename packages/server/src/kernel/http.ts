import type { ServerOptions } from "node:http";
import cors from "@fastify/cors";
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { FlixError } from "./errors.ts";
import type { Ids } from "./ids.ts";
import { refuseConnection, requestTimeoutCode, sendProblem } from "./problem-answers.ts";
import { createRequestLog, logRequests } from "./request-log.ts";
import { readSecurityHeaders } from "./security-headers.ts";
import { trustProxies } from "./trusted-proxies.ts";

const bodyLimitBytes = 1024 * 1024;

/** How long a client may take; what takes longer loses its connection. */
export interface Patience {
  /** From the opening of a connection, or the end of the request before, to the end of the headers. */
  headersMs: number;
  /** For a request with a body of at most 1 MiB. */
  requestMs: number;
  /** For one that uploads up to 16 MiB. */
  uploadMs: number;
  /** How often connections are looked at, so how much later they may end. */
  checkMs: number;
}

const usualPatience: Patience = {
  headersMs: 15_000,
  requestMs: 25_000,
  uploadMs: 120_000,
  checkMs: 5_000,
};

export interface HttpOptions {
  log: FastifyBaseLogger;
  ids: Ids;
  trustedProxies: string[];
  corsOrigins: string[];
  /** What the player's page may ask beside its own origin: license servers. */
  connectOrigins?: string[];
  patience?: Patience;
}

/** A Fastify app with the limits, headers, errors and log lines that every route has, and no routes. */
export async function createHttp({
  log,
  ids,
  trustedProxies,
  corsOrigins,
  connectOrigins = [],
  patience = usualPatience,
}: HttpOptions): Promise<FastifyInstance> {
  const securityHeaders = await readSecurityHeaders(connectOrigins);
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent, bindings) => createRequestLog(parent, bindings),
    genReqId: ({ headers }) => passedOn(headers["x-request-id"], trustedProxies) ?? ids.next("req"),
    trustProxy: trustedProxies.length === 0 ? false : trustProxies(trustedProxies),
    bodyLimit: bodyLimitBytes,
    connectionTimeout: 0,
    requestTimeout: patience.uploadMs,
    keepAliveTimeout: 75_000,
    // Open SSE streams and keep-alive sockets must not hold a shutdown up.
    forceCloseConnections: true,
    http: serverOptions(patience),
    routerOptions: { maxParamLength: 512 },
    // Requests are checked against the contract by the registrar.
    exposeHeadRoutes: false,
    // What the router refuses passes no hook.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const answer = reply.headers(securityHeaders).header("x-request-id", request.id);
      void sendProblem(error, request, answer);
    },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, ids.next("req"), securityHeaders),
  });
  app.setValidatorCompiler(() => () => true);
  for (const type of [/^image\//, "application/octet-stream"]) {
    app.addContentTypeParser(type, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  }
  // Without an origin to allow there is nothing to say to a browser, which refuses by itself.
  if (corsOrigins.length > 0) {
    await app.register(cors, {
      origin: corsOrigins,
      methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
      exposedHeaders: ["etag", "retry-after", "ratelimit", "ratelimit-policy", "x-request-id"],
      maxAge: 600,
    });
  }
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(securityHeaders).header("x-request-id", request.id);
    done();
  });
  logRequests(app);
  addRequestDeadline(app, patience);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request) => {
    throw new FlixError("not_found", {
      detail: `There is no ${request.method} ${request.url.split("?", 1)[0] ?? ""}.`,
    });
  });
  return app;
}

/** A gateway's id for the request goes through all logs; strangers choose none. */
function passedOn(id: string | string[] | undefined, trustedProxies: string[]): string | undefined {
  if (trustedProxies.length === 0 || typeof id !== "string") return undefined;
  return /^[\w.:-]{8,128}$/.test(id) ? id : undefined;
}

function serverOptions({ headersMs, checkMs }: Patience): ServerOptions {
  return { headersTimeout: headersMs, connectionsCheckingInterval: checkMs, maxHeaderSize: 16_384 };
}

/** Node's own limit has to leave time for uploads; a small body that drips in must not hold a connection as long. */
function addRequestDeadline(app: FastifyInstance, { requestMs }: Patience): void {
  app.addHook("onRequest", ({ raw, routeOptions }, reply, done) => {
    done();
    const { "content-length": length, "transfer-encoding": encoding } = raw.headers;
    const hasBody = encoding !== undefined || (length !== undefined && length !== "0");
    if (!hasBody || (routeOptions.bodyLimit ?? 0) > bodyLimitBytes) return;
    const late = Object.assign(new Error("The request took too long"), { code: requestTimeoutCode });
    const timer = setTimeout(() => {
      if (raw.complete || raw.readableEnded) return;
      if (reply.raw.headersSent) raw.destroy();
      else app.server.emit("clientError", late, raw.socket);
    }, requestMs);
    timer.unref();
    raw.once("close", () => clearTimeout(timer));
  });
}
