import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CachePlace, ResponseCache } from "../engines/cache/response-cache.ts";
import { admit } from "./admission.ts";
import type { Clock } from "./clock.ts";
import type { ContractOperation } from "./contract.ts";
import { FlixError } from "./errors.ts";
import { isAnswer } from "./handler.ts";
import { once, type StoredAnswer } from "./idempotency.ts";
import type { CacheKey } from "./module.ts";
import type { RateLimit, RateLimits } from "./rate-limits.ts";
import type { ReplicaReads } from "./replica-reads.ts";
import { hasScope, principalKey, type RememberedTokens } from "./security.ts";
import type { Database, Unit, Units } from "./unit.ts";
import { createRequestValidator } from "./validation.ts";

export interface OperationsOptions {
  units: Units;
  clock: Clock;
  tokens: RememberedTokens;
  /** A caller's own limit, and that of an address without a token. */
  limits: { principal: RateLimit; anonymous: RateLimit };
  rateLimits: RateLimits;
  databaseOf: (module: string) => Database<object>;
  cache: ResponseCache;
  /** By operation. */
  cacheKeys: Record<string, CacheKey>;
  /** Those whose answers may be kept. */
  cachedModules: ReadonlySet<string>;
  replicaReads: ReplicaReads;
  /** Operations that may be read from a replica. */
  fromReplica: ReadonlySet<string>;
  /** Ends streams, which have no end of their own. */
  leaving: AbortSignal;
}

type AnyHandler = (request: object) => Promise<unknown>;

declare module "fastify" {
  interface FastifyRequest {
    /** Where the answer may be kept; taken before it is read. */
    kept: CachePlace | undefined;
  }
}

/** Gives the app one route for each operation of the contract; fails when an operation has no handler. */
export function registerOperations(
  app: FastifyInstance,
  operations: ContractOperation[],
  handlers: Record<string, unknown>,
  options: OperationsOptions,
): void {
  const missing = operations.filter(({ operationId }) => typeof handlers[operationId] !== "function");
  if (missing.length > 0) {
    throw new Error(
      `The contract has operations without a handler: ${missing.map((operation) => operation.operationId).join(", ")}`,
    );
  }
  for (const operation of operations) {
    registerOperation(app, operation, handlers[operation.operationId] as AnyHandler, options);
  }
}

function registerOperation(
  app: FastifyInstance,
  operation: ContractOperation,
  handler: AnyHandler,
  options: OperationsOptions,
): void {
  const validator = createRequestValidator(operation);
  const headers = new Set(
    operation.parameters.filter(({ in: place }) => place === "header").map(({ name }) => name.toLowerCase()),
  );
  app.route({
    method: operation.method.toUpperCase(),
    url: operation.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    ...(operation.bodyLimitBytes === undefined ? {} : { bodyLimit: operation.bodyLimitBytes }),
    schema: { response: responseSchemas(operation) },
    config: { operationId: operation.operationId, whileDraining: operation.module === "ops" },
    onRequest(request, reply, done) {
      const answerOr = (body: string | undefined) => {
        if (body === undefined) done();
        else void reply.type(jsonType).send(body);
      };
      const enter = () => {
        request.kept = placeOf(request, operation, options);
        const body = request.kept?.get();
        if (body !== undefined || request.kept?.find === undefined) answerOr(body);
        else request.kept.find().then(answerOr, done);
      };
      const admitted = admit(request, reply, operation, options);
      if (admitted === undefined) enter();
      else admitted.then(enter, done);
    },
    handler: async (request, reply) => {
      checkContentType(request, operation);
      validator.params(request.params);
      validator.query(request.query);
      validator.body(request.body, Number(request.headers["content-length"] ?? 0));
      if (headers.has("if-match") && request.headers["if-match"] === undefined)
        throw new FlixError("if_match_required");
      const running = execute(request, reply, operation, handler, headers.has("idempotency-key"), options);
      const stored =
        operation.method === "get"
          ? await running
          : await running.finally(() => tellOfChange(request, operation, options));
      if (request.kept && isRecord(stored.body)) {
        // In one piece: of the many that a serialiser leaves, each answer would gather it anew.
        const serialised = Buffer.from(String(reply.serializeInput(stored.body, "200")));
        const body = request.kept.set(serialised.toString());
        return reply.type(jsonType).send(body);
      }
      return send(reply, stored);
    },
  });
}

/**
 * Also after a failure: a commit whose answer was lost may have been one. And before the answer, so that who has it and asks
 * another process finds the change there.
 */
function tellOfChange(
  { principal }: FastifyRequest,
  { module }: ContractOperation,
  { cache, cachedModules, replicaReads }: OperationsOptions,
): void | Promise<void> {
  replicaReads.wrote(principalKey(principal));
  if (cachedModules.has(module)) return cache.invalidate(module);
}

const jsonType = "application/json; charset=utf-8";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The place of an answer in the cache, where the module lets it be kept: by the address as it was asked, so that a hit is not even parsed. */
function placeOf(
  request: FastifyRequest,
  { operationId, module }: ContractOperation,
  { cache, cacheKeys }: OperationsOptions,
): CachePlace | undefined {
  const facet = cacheKeys[operationId]?.(request.principal);
  return facet === undefined ? undefined : cache.place(module, `${facet} ${request.url}`);
}

function checkContentType(request: FastifyRequest, { body }: ContractOperation): void {
  if (body === undefined || request.body === undefined || request.body === null) return;
  const type = mediaType(request);
  if (type === undefined || !body.contentTypes.includes(type)) {
    throw new FlixError("unsupported_media_type", { detail: `This takes ${body.contentTypes.join(", ")}.` });
  }
}

async function execute(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: ContractOperation,
  handler: AnyHandler,
  takesKey: boolean,
  options: OperationsOptions,
): Promise<StoredAnswer> {
  const { units, clock, databaseOf, leaving } = options;
  const query = request.query as { validate_only?: boolean };
  const validateOnly = query.validate_only === true;
  const run = async (unit: Unit) => {
    const end = isStream(operation) ? leaving : undefined;
    const body = await handler(handlerRequest(request, unit, validateOnly, end));
    return isAnswer(body)
      ? { status: body.status, body: body.body, headers: body.headers }
      : { status: operation.successStatus, body, headers: {} };
  };
  if (operation.method === "get") return readFrom(request, operation, options, run);
  const key = takesKey ? request.headers["idempotency-key"] : undefined;
  if (key !== undefined && (typeof key !== "string" || key.length < 1 || key.length > 255)) {
    throw new FlixError("invalid_request", {
      detail: "Idempotency-Key has 1 to 255 characters.",
      errors: [{ pointer: "header.Idempotency-Key", message: "must have 1 to 255 characters" }],
    });
  }
  return units.write(
    async (unit) => {
      if (key === undefined || validateOnly) return run(unit);
      const { operationId, module } = operation;
      const payload = [request.params, request.query, request.body];
      const keyed = { key, principal: request.principal, operationId, payload };
      const kernel = unit.on<object>({ ...databaseOf(module), module: "kernel" });
      const { replayed, ...stored } = await once(kernel, keyed, clock, () => run(unit));
      if (replayed) reply.header("idempotent-replayed", "true");
      return stored;
    },
    { validateOnly },
  );
}

/** Who may change what a module shows wants to see it changed, from whichever process: the primary tells. */
function readFrom<Result>(
  { principal }: FastifyRequest,
  { operationId, module }: ContractOperation,
  { units, replicaReads, fromReplica }: OperationsOptions,
  run: (unit: Unit) => Promise<Result>,
): Promise<Result> {
  if (!fromReplica.has(operationId) || hasScope(principal, `${module}:write`)) return run(units.read());
  return replicaReads.read(principalKey(principal), run);
}

function isStream({ responses, successStatus }: ContractOperation): boolean {
  return responses[successStatus]?.contentType === "text/event-stream";
}

function handlerRequest(
  request: FastifyRequest,
  unit: Unit,
  validateOnly: boolean,
  end: AbortSignal | undefined,
): object {
  return {
    params: request.params,
    query: request.query,
    body: request.body ?? undefined,
    contentType: mediaType(request),
    headers: request.headers,
    principal: request.principal,
    unit,
    ifMatch: request.headers["if-match"] ?? "",
    validateOnly,
    requestId: request.id,
    ip: request.ip,
    get signal() {
      const gone = abortWithClient(request);
      return end === undefined ? gone : AbortSignal.any([gone, end]);
    },
    log: request.log,
  };
}

function abortWithClient(request: FastifyRequest): AbortSignal {
  const controller = new AbortController();
  request.raw.socket.once("close", () => controller.abort());
  return controller.signal;
}

function send(reply: FastifyReply, { status, body, headers }: StoredAnswer): FastifyReply {
  reply.code(status).headers(headers);
  const etag = etagOf(body);
  if (etag !== undefined) reply.header("etag", etag);
  if (body instanceof Readable && !reply.hasHeader("content-type"))
    reply.type("text/event-stream; charset=utf-8");
  return reply.send(body);
}

function etagOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("etag" in body)) return undefined;
  return typeof body.etag === "string" ? body.etag : undefined;
}

/** JSON responses are serialised by their schema: a field that the contract does not name never leaves. */
function responseSchemas({ responses }: ContractOperation): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(responses)
      .filter(([status, response]) => Number(status) < 400 && response?.contentType === "application/json")
      .map(([status, response]) => [status, response?.schema]),
  );
}

function mediaType(request: FastifyRequest): string | undefined {
  return request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
}
