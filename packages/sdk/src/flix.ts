import { createClient, type Client, type ClientOptions } from "./client.ts";
import { operations } from "./generated/operations.ts";
import type {
  AnyOperation,
  CallArguments,
  CallOptions,
  LooseInput,
  OperationId,
  Output,
} from "./operation.ts";
import { pages, type ListOperationId, type Pages } from "./pages.ts";

/**
 * The whole platform as one object, for programs that do not count bytes:
 *
 *     const flix = createFlix({ server: "https://flix.example", token });
 *     const title = await flix.createTitle({ body: { kind: "film", title: "Big Buck Bunny" } });
 *     for await (const title of flix.pages.listTitles({ q: "bunny" })) ...
 */
export function createFlix(options: FlixOptions): Flix {
  const client = createClient(options);
  const methods = listOperations().map((run) => {
    const method = (input?: LooseInput, call?: CallOptions) => run(client, input, call);
    return [run.operationId, method];
  });
  const lists = listOperations().map((list) => {
    // `pages` takes the lists alone; the type of `flix.pages` offers no others.
    const method = (...rest: [LooseInput?, CallOptions?]) => pages(client, list as never, ...(rest as []));
    return [list.operationId, method];
  });
  return Object.assign(Object.fromEntries(methods), { client, pages: Object.fromEntries(lists) });
}

/** Every operation of the contract, for programs that choose one at run time. */
export function listOperations(): AnyOperation[] {
  // Each operation has a type of its own; what they share is what `operation` makes of them.
  return Object.values(operations) as unknown as AnyOperation[];
}

export interface FlixOptions extends ClientOptions {}

/** One method an operation, under its operationId; what it takes and answers stands in the contract. */
export type Flix = FlixMethods & { readonly client: Client; readonly pages: FlixPages };

type FlixMethods = {
  [Id in keyof typeof operations]: Id extends OperationId
    ? (...rest: CallArguments<Id>) => Promise<Output<Id>>
    : never;
};

type FlixPages = { [Id in ListOperationId]: (...rest: CallArguments<Id>) => Pages<Id> };
