import type { Readable } from "node:stream";
import type { ModuleOperations, operations } from "@flix/openapi";
import type { FastifyBaseLogger } from "fastify";
import type { Principal } from "./security.ts";
import type { Unit } from "./unit.ts";

export type OperationId = keyof operations;

/** What a handler is given: the parsed request, who asks, and the unit of work that its changes belong to. */
export interface Request<Id extends OperationId> {
  params: Part<operations[Id]["parameters"], "path">;
  query: Part<operations[Id]["parameters"], "query">;
  body: BodyOf<operations[Id]>;
  /** The body's media type, without parameters. */
  contentType: string | undefined;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  principal: Principal;
  unit: Unit;
  /** The `If-Match` header; always there where the contract asks for it. */
  ifMatch: string;
  validateOnly: boolean;
  requestId: string;
  /** The client's address, past trusted proxies. */
  ip: string;
  /** Fires when the client goes away; for an event stream also when the process is about to end. */
  signal: AbortSignal;
  log: FastifyBaseLogger;
}

/** One operation: from a request to the body of the contract's success response (`undefined` for 204). */
export type Handler<Id extends OperationId, Context> = (
  request: Request<Id>,
  context: Context,
) => Promise<SuccessBody<operations[Id]> | Answer<Id>>;

/** The handlers that a module owes: one for each of its operations in the contract. */
export type Handlers<Module extends keyof ModuleOperations, Context> = {
  [Id in ModuleOperations[Module]]: Handler<Id, Context>;
};

/** An answer with another status than the contract's first success, or with headers; made by `answer`. */
export interface Answer<Id extends OperationId> {
  readonly [answerMark]: true;
  status: keyof operations[Id]["responses"] & number;
  body: unknown;
  headers: Record<string, string>;
}

const answerMark = Symbol("answer");

/** Answers with a status of the operation's own, or with headers. */
export function answer<Id extends OperationId, Status extends keyof operations[Id]["responses"] & number>(
  status: Status,
  body: ContentOf<operations[Id]["responses"][Status]>,
  headers: Record<string, string> = {},
): Answer<Id> {
  return { [answerMark]: true, status, body, headers };
}

export function isAnswer(value: unknown): value is Answer<OperationId> {
  return typeof value === "object" && value !== null && answerMark in value;
}

type Part<Parameters, Name extends string> = Parameters extends { [N in Name]: infer Value }
  ? Value
  : Parameters extends { [N in Name]?: infer Value }
    ? [NonNullable<Value>] extends [never]
      ? Record<never, never>
      : NonNullable<Value>
    : Record<never, never>;

type BodyOf<Operation> = Operation extends { requestBody: { content: infer Content } }
  ? Content extends { "application/json": infer Body }
    ? Body
    : Buffer
  : Operation extends { requestBody?: { content: { "application/json": infer Body } } }
    ? Body | undefined
    : undefined;

type SuccessBody<Operation> = Operation extends { responses: infer Responses }
  ? {
      [Status in keyof Responses]: Status extends 200 | 201 | 202 | 204
        ? ContentOf<Responses[Status]>
        : never;
    }[keyof Responses]
  : never;

type ContentOf<Response> = Response extends { content: { "application/json": infer Body } }
  ? Body
  : Response extends {
        content: { "text/event-stream": unknown } | { "application/octet-stream": unknown };
      }
    ? Readable
    : Response extends { content: { "application/problem+json": infer Body } }
      ? Body
      : Response extends { content: infer Content }
        ? [keyof Content] extends [never]
          ? undefined
          : Content extends Record<string, unknown>
            ? string
            : undefined
        : undefined;
