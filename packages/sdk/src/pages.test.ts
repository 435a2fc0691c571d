import { expect, test } from "vitest";
import { createSkippingClock } from "../testing/clocks.ts";
import { answerJson, answerProblem, startHttpServer } from "../testing/http-server.ts";
import { createClient } from "./client.ts";
import { listTitles } from "./generated/operations.ts";
import { pages } from "./pages.ts";

/** Page n is found under the cursor `n`; each names the next, but the last. One without content is refused. */
async function setUp(contents: (string[] | undefined)[]) {
  const { url, requests } = await startHttpServer(({ path }, response) => {
    const number = Number(new URL(path, "http://x").searchParams.get("cursor") ?? 0);
    const data = contents[number];
    if (!data) return answerProblem(response, 400, "invalid_request");
    const isLast = number === contents.length - 1;
    return answerJson(response, 200, { data, ...(!isLast && { next_cursor: String(number + 1) }) });
  });
  return { client: createClient({ server: url, clock: createSkippingClock() }), requests };
}

test("walks every page with the same filters; a short or empty page is not the end", async () => {
  const { client, requests } = await setUp([["a", "b"], [], ["c"]]);
  const found: unknown[] = [];
  for await (const title of pages(client, listTitles, { genre: "animation" })) found.push(title);
  expect(found).toEqual(["a", "b", "c"]);
  expect(requests.map(({ path }) => path)).toEqual([
    "/v1/titles?genre=animation",
    "/v1/titles?genre=animation&cursor=1",
    "/v1/titles?genre=animation&cursor=2",
  ]);
});

test("goes page by page", async () => {
  const { client } = await setUp([["a", "b"], ["c"]]);
  const sizes: number[] = [];
  for await (const page of pages(client, listTitles).byPage()) sizes.push(page.data.length);
  expect(sizes).toEqual([2, 1]);
});

test("asks for no page before it is needed: a break makes no more requests", async () => {
  const { client, requests } = await setUp([["a", "b"], ["c"]]);
  for await (const title of pages(client, listTitles)) {
    if (title) break;
  }
  expect(requests).toHaveLength(1);
  for await (const page of pages(client, listTitles).byPage()) {
    if (page) break;
  }
  expect(requests).toHaveLength(2);
});

test("begins at the cursor that it is given, and can be walked twice", async () => {
  const { client } = await setUp([["a"], ["b"], ["c"]]);
  const list = pages(client, listTitles, { cursor: "1" });
  for (let walk = 0; walk < 2; walk += 1) {
    const found: unknown[] = [];
    for await (const title of list) found.push(title);
    expect(found).toEqual(["b", "c"]);
  }
});

test("throws what a later page throws, after the items before it", async () => {
  const { client } = await setUp([["a"], undefined]);
  const found: unknown[] = [];
  const walk = async () => {
    for await (const title of pages(client, listTitles)) found.push(title);
  };
  await expect(walk()).rejects.toMatchObject({ code: "invalid_request" });
  expect(found).toEqual(["a"]);
});
