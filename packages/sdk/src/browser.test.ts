import { expect, test } from "vitest";
import { openPage, serveSdk } from "../testing/browser-page.ts";
import { answerJson, answerProblem, startHttpServer, type ReceivedRequest } from "../testing/http-server.ts";
import type * as Sdk from "./index.ts";

/** Set by the page. */
declare const sdk: typeof Sdk;

/** The platform of this page: refuses each path's first request, so that every kind of body has to be sent again. */
async function setUp() {
  const seen = new Set<string>();
  const calls: ReceivedRequest[] = [];
  let onCall: (call: ReceivedRequest) => void = () => undefined;
  const { url } = await startHttpServer((request, response) => {
    if (request.path.startsWith("/sdk/")) return serveSdk(request.path, response);
    if (!seen.has(request.path)) {
      seen.add(request.path);
      return answerProblem(response, 503, "unavailable", { "retry-after": "0" });
    }
    calls.push(request);
    onCall(request);
    if (!request.path.endsWith("/tail")) return answerJson(response, 200, { data: ["a"] });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('id: 1\ndata: {"event_id":"e1"}\n\n');
  });
  const nextCall = () => new Promise<ReceivedRequest>((resolve) => (onCall = resolve));
  const origin = url.replace("127.0.0.1", "localhost");
  return { page: await openPage(origin), origin, calls, nextCall };
}

test("calls, retries, streams and signs in from a page as it does from Node", async () => {
  const { page, origin, calls } = await setUp();
  const found = await page.evaluate(async (server) => {
    const client = sdk.createClient({ server, tokenProvider: () => "t" });
    const titles: unknown[] = [];
    for await (const title of sdk.pages(client, sdk.listTitles, { q: "é" })) titles.push(title);
    await sdk.createTitle(client, { body: { kind: "film", title: "x" } });
    const image = new Blob(["abc"], { type: "image/png" });
    await sdk.setTitleArtwork(client, { title_id: "t", kind: "poster", body: image });
    await sdk.putUploadPart(client, { upload_id: "u", part_number: 1, body: new Uint8Array(100_000) });
    const { value } = await sdk.tailPlayerEvents(client).next();
    const signIn = { server, clientId: "flix-player", redirectUri: `${server}/` };
    const { url } = await sdk.startSignIn(signIn);
    const codes: unknown[] = [];
    const failures = [
      sdk.listTitles(client, {}, { signal: AbortSignal.abort() }),
      sdk.listTitles(sdk.createClient({ server: "http://localhost:1", maxRetries: 0 })),
    ];
    for (const call of failures) await call.catch((error: Sdk.FlixError) => codes.push(error.code));
    return { titles, value, challenge: new URL(url).searchParams.get("code_challenge"), codes };
  }, origin);
  expect(found).toMatchObject({
    titles: ["a"],
    value: { event_id: "e1" },
    codes: ["aborted", "network_error"],
  });
  expect(found.challenge).toMatch(/^[\w-]{43}$/);
  expect(calls.map(({ method, headers, text }) => [method, headers["content-type"], text.length])).toEqual([
    ["GET", undefined, 0],
    ["POST", "application/json", 27],
    ["PUT", "image/png", 3],
    ["PUT", "application/octet-stream", 100_000],
    ["GET", undefined, 0],
  ]);
});

test("sends a player's last events when the page is left", async () => {
  const { page, origin, nextCall } = await setUp();
  await page.evaluate(async (server) => {
    const client = sdk.createClient({ server, token: "t" });
    await sdk.recordPlayerEvents(client, { body: { events: [] } });
    sdk.createPlayerEventQueue(client, { sessionId: "pbs_1" }).record({ type: "exit" });
  }, origin);
  const call = nextCall();
  await page.goto("about:blank");
  const { events } = JSON.parse((await call).text);
  expect(events).toMatchObject([{ session_id: "pbs_1", type: "exit", seq: 0 }]);
});
