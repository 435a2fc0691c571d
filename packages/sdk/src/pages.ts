import type { Client } from "./client.ts";
import type { CallArguments, CallOptions, Operation, OperationId, Output } from "./operation.ts";

/**
 * Every item of a list, page after page as they are needed:
 *
 *     for await (const title of pages(client, listTitles, { genre: "animation" })) ...
 *     for await (const page of pages(client, listTitles).byPage()) ...
 *
 * Only a missing `next_cursor` ends it: a page may be short, or empty, with more to come. A `break` makes no more requests.
 */
export function pages<Id extends ListOperationId>(
  client: Client,
  list: Operation<Id>,
  ...[input, options]: CallArguments<Id>
): Pages<Id> {
  // `Id` is not known here, so neither is whether its input may be left out; what is sent is the caller's own input with a cursor.
  const call = list as unknown as CallWithCursor<Id>;
  async function* byPage() {
    let cursor: string | undefined;
    do {
      const page = await call(client, { ...input, ...(cursor && { cursor }) }, options);
      yield page;
      cursor = page.next_cursor;
    } while (cursor !== undefined);
  }
  async function* items() {
    for await (const page of byPage()) yield* page.data;
  }
  return { byPage, [Symbol.asyncIterator]: items };
}

/** The operations that answer pages. */
export type ListOperationId = {
  [Id in OperationId]: "next_cursor" extends keyof Output<Id> ? Id : never;
}[OperationId];

export type Item<Id extends ListOperationId> = Output<Id> extends { data: (infer T)[] } ? T : never;

export interface Pages<Id extends ListOperationId> extends AsyncIterable<Item<Id>> {
  byPage(): AsyncIterable<Output<Id>>;
}

type CallWithCursor<Id extends ListOperationId> = (
  client: Client,
  input: { cursor?: string },
  options: CallOptions | undefined,
) => Promise<Output<Id> & { data: Item<Id>[]; next_cursor?: string }>;
