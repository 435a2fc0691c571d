export {
  createClient,
  type Client,
  type ClientOptions,
  type TokenContext,
  type TokenProvider,
} from "./client.ts";
export { systemClock, type Clock } from "./clock.ts";
export { FlixError, isFlixError, type FieldError, type FlixErrorCode, type LocalCode } from "./errors.ts";
export { createFlix, listOperations, type Flix, type FlixOptions } from "./flix.ts";
export type { AnyOperation, CallOptions, Input, Operation, OperationId, Output } from "./operation.ts";
export { pages, type Item, type ListOperationId, type Pages } from "./pages.ts";
export * from "./generated/operations.ts";
