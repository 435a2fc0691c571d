import { describe, expect, expectTypeOf, test } from "vitest";
import type { components } from "@flix/openapi";
import * as sdk from "./index.ts";
import { createFlix, createTitle, deleteTitle, getTitle, listTitles, pages, updateTitle } from "./index.ts";
import type { BinaryBody, Client, Input, Output } from "./index.ts";

type Title = components["schemas"]["Title"];

/** Compiled only: each of these lines has to be an error, or to be none. */
async function typed(client: Client): Promise<void> {
  const flix = createFlix({ server: "https://flix.example" });
  expectTypeOf(await listTitles(client)).toEqualTypeOf<components["schemas"]["TitleList"]>();
  expectTypeOf(await flix.getTitle({ title_id: "ttl" })).toEqualTypeOf<Title>();
  expectTypeOf(await deleteTitle(client, { title_id: "ttl" })).toEqualTypeOf<undefined>();
  for await (const title of pages(client, listTitles)) expectTypeOf(title).toEqualTypeOf<Title>();
  for await (const title of flix.pages.listTitles({ q: "x" })) expectTypeOf(title).toEqualTypeOf<Title>();
  await updateTitle(client, { title_id: "ttl", body: { title: "New" }, etag: '"1"' });
  await sdk.getMetrics(client);
  await listTitles(client, {}, { signal: AbortSignal.timeout(1), timeoutMs: 1, maxRetries: 0 });

  // @ts-expect-error -- not a parameter of the operation
  await listTitles(client, { pageSize: 20 });
  // @ts-expect-error -- a parameter's type
  await listTitles(client, { page_size: "20" });
  // @ts-expect-error -- a value that the contract does not list
  await listTitles(client, { kind: "movie" });
  // @ts-expect-error -- the path parameter is missing
  await getTitle(client, {});
  // @ts-expect-error -- the whole input is missing
  await getTitle(client);
  // @ts-expect-error -- the body is missing
  await createTitle(client, {});
  // @ts-expect-error -- a required field of the body is missing
  await createTitle(client, { body: { kind: "film" } });
  // @ts-expect-error -- a field that the body does not have
  await flix.createTitle({ body: { kind: "film", title: "x", colour: "red" } });
  // @ts-expect-error -- the operation takes no If-Match
  await getTitle(client, { title_id: "ttl", etag: '"1"' });
  // @ts-expect-error -- not a list
  pages(client, createTitle, { body: { kind: "film", title: "x" } });
  // @ts-expect-error -- not a list
  flix.pages.getTitle({ title_id: "ttl" });
  // @ts-expect-error -- not an operation
  await flix.listMovies();
}

describe("the types of the operations", () => {
  test("follow the contract", () => {
    expectTypeOf(typed).returns.resolves.toBeVoid();
    expectTypeOf<Input<"getTitle">>().toExtend<{ title_id: string }>();
    expectTypeOf<Input<"setTitleArtwork">["body"]>().toEqualTypeOf<BinaryBody>();
    expectTypeOf<Output<"tailPlayerEvents">>().toEqualTypeOf<ReadableStream<Uint8Array>>();
    expectTypeOf<Output<"getMetrics">>().toEqualTypeOf<string>();
    const { operationId, method, path } = createTitle;
    expect([operationId, method, path]).toEqual(["createTitle", "post", "/v1/titles"]);
  });
});
