import { clientCredentials, refreshTokens, type TokenStore } from "./auth.ts";
import { createClient, type Client, type ClientOptions, type TokenProvider } from "./client.ts";
import { operations } from "./generated/operations.ts";
import type {
  AnyOperation,
  CallArguments,
  CallOptions,
  Input,
  LooseInput,
  OperationId,
  Output,
} from "./operation.ts";
import { pages, type ListOperationId, type Pages } from "./pages.ts";
import { tailPlayerEvents, type ObservedPlayerEvent, type TailOptions } from "./tail.ts";

/**
 * The whole platform as one object, for programs that do not count bytes:
 *
 *     const flix = createFlix({ server: "https://flix.example", token });
 *     const title = await flix.createTitle({ body: { kind: "film", title: "Big Buck Bunny" } });
 *     for await (const title of flix.pages.listTitles({ q: "bunny" })) ...
 */
export function createFlix(options: FlixOptions): Flix {
  const client = createClient({ ...options, tokenProvider: tokenProviderOf(options) });
  const methods = listOperations().map((run) => {
    const method = (input?: LooseInput, call?: CallOptions) => run(client, input, call);
    return [run.operationId, method];
  });
  const lists = listOperations().map((list) => {
    // `pages` takes the lists alone; the type of `flix.pages` offers no others.
    const method = (...rest: [LooseInput?, CallOptions?]) => pages(client, list as never, ...(rest as []));
    return [list.operationId, method];
  });
  const tail: Flix["tailPlayerEvents"] = (...rest) => tailPlayerEvents(client, ...rest);
  return Object.assign(Object.fromEntries(methods), {
    client,
    pages: Object.fromEntries(lists),
    tailPlayerEvents: tail,
  });
}

/** Every operation of the contract, for programs that choose one at run time. */
export function listOperations(): AnyOperation[] {
  // Each operation has a type of its own; what they share is what `operation` makes of them.
  return Object.values(operations) as unknown as AnyOperation[];
}

/** A `token` or `tokenProvider`; or a machine client's `clientId` and `clientSecret`; or a `clientId` and where its sign-in is kept. */
export interface FlixOptions extends ClientOptions {
  clientId?: string;
  clientSecret?: string;
  scopes?: string[];
  tokenStore?: TokenStore;
}

/** One method an operation, under its operationId; what it takes and answers stands in the contract. */
export type Flix = FlixMethods & { readonly client: Client; readonly pages: FlixPages };

type FlixMethods = {
  [Id in keyof typeof operations]: Id extends "tailPlayerEvents"
    ? (filters?: Input<Id>, options?: TailOptions) => AsyncGenerator<ObservedPlayerEvent, void, undefined>
    : Id extends OperationId
      ? (...rest: CallArguments<Id>) => Promise<Output<Id>>
      : never;
};

type FlixPages = { [Id in ListOperationId]: (...rest: CallArguments<Id>) => Pages<Id> };

function tokenProviderOf(options: FlixOptions): TokenProvider | undefined {
  const { clientId, clientSecret, scopes, tokenStore: store } = options;
  if (clientId && clientSecret)
    return clientCredentials({ clientId, clientSecret, ...(scopes && { scopes }) });
  if (clientId && store) return refreshTokens({ clientId, store });
  return options.tokenProvider;
}
