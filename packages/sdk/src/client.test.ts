import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createSkippingClock } from "../testing/clocks.ts";
import { answerJson, answerProblem, startHttpServer } from "../testing/http-server.ts";
import { createClient, type Client } from "./client.ts";
import { FlixError } from "./errors.ts";
import {
  createTitle,
  deleteTitle,
  getMetrics,
  getPackageFile,
  getTitle,
  listTitles,
} from "./generated/operations.ts";
import { setTitleArtwork, updateTitle } from "./generated/operations.ts";

const titleId = "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr";

function clientOf(server: string, options: Partial<Parameters<typeof createClient>[0]> = {}): Client {
  return createClient({ server, token: "secret-token", clock: createSkippingClock(), ...options });
}

async function failureOf(call: Promise<unknown>): Promise<FlixError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FlixError) return error;
  throw new Error(`not a FlixError: ${inspect(error)}`);
}

describe("a request", () => {
  test("carries the token, the encoded path and the query, and answers the body", async () => {
    const { url, requests } = await startHttpServer((_, response) => answerJson(response, 200, { data: [] }));
    const client = clientOf(`${url}/`, { headers: { "accept-language": "fr" } });
    expect(await listTitles(client, { q: "là & là", page_size: 5 })).toEqual({ data: [] });
    await getTitle(client, { title_id: "a/b?c" });
    expect(requests[0]).toMatchObject({
      method: "GET",
      path: "/v1/titles?q=l%C3%A0%20%26%20l%C3%A0&page_size=5",
      headers: { authorization: "Bearer secret-token", "accept-language": "fr" },
    });
    expect(requests[0]?.headers["idempotency-key"]).toBeUndefined();
    expect(requests[1]?.path).toBe("/v1/titles/a%2Fb%3Fc");
  });

  test("with a body is JSON, and a POST carries an idempotency key: the caller's, or one of its own", async () => {
    const { url, requests } = await startHttpServer((_, response) => answerJson(response, 201, {}));
    const body = { kind: "film", title: "Big Buck Bunny" } as const;
    await createTitle(clientOf(url), { body, validate_only: true });
    await createTitle(clientOf(url), { body });
    await createTitle(clientOf(url), { body }, { idempotencyKey: "mine" });
    expect(requests[0]).toMatchObject({
      path: "/v1/titles?validate_only=true",
      headers: { "content-type": "application/json" },
    });
    expect(JSON.parse(requests[0]?.text ?? "")).toEqual(body);
    const [first, second, third] = requests.map(({ headers }) => headers["idempotency-key"]);
    expect(first).toMatch(/^\d+-\d+-\d+-\d+$/);
    expect(second).not.toBe(first);
    expect(third).toBe("mine");
  });

  test("sends `etag` or `ifMatch` as If-Match", async () => {
    const { url, requests } = await startHttpServer((_, response) => answerJson(response, 200, {}));
    const input = { title_id: titleId, body: { title: "New" } };
    await updateTitle(clientOf(url), { ...input, etag: '"3"' });
    await updateTitle(clientOf(url), input, { ifMatch: '"4"' });
    expect(requests.map(({ headers, path }) => [headers["if-match"], path])).toEqual([
      ['"3"', `/v1/titles/${titleId}`],
      ['"4"', `/v1/titles/${titleId}`],
    ]);
  });

  test("sends binary bodies as they are, with the type of the Blob or the one that is named", async () => {
    const { url, requests } = await startHttpServer((_, response) => answerJson(response, 200, {}));
    const bytes = Uint8Array.of(0xff, 0xd8, 0x00);
    const input = { title_id: titleId, kind: "poster" as const };
    const client = clientOf(url);
    await setTitleArtwork(client, { ...input, body: new Blob([bytes], { type: "image/png" }) });
    await setTitleArtwork(client, { ...input, body: bytes }, { contentType: "image/jpeg" });
    await setTitleArtwork(client, { ...input, body: bytes.buffer });
    expect(requests.map(({ headers }) => headers["content-type"])).toEqual([
      "image/png",
      "image/jpeg",
      "application/octet-stream",
    ]);
    expect(requests.every(({ body }) => body.equals(bytes))).toBe(true);
  });

  test("is never sent where a path parameter would make another path of it", async () => {
    const { url, requests } = await startHttpServer((_, response) => answerJson(response, 200, {}));
    for (const title_id of ["", ".", ".."]) {
      const error = await failureOf(deleteTitle(clientOf(url), { title_id }));
      expect(error).toMatchObject({ code: "invalid_request", message: "deleteTitle needs title_id" });
    }
    expect(requests).toEqual([]);
  });

  test("does not replace an authorization header that the caller gave", async () => {
    const { url, requests } = await startHttpServer((_, response) => answerJson(response, 200, {}));
    await listTitles(clientOf(url), {}, { headers: { authorization: "Bearer other" } });
    expect(requests[0]?.headers.authorization).toBe("Bearer other");
  });
});

test("a library that sends a request by itself is given the authorization of a request made now", async () => {
  let made = 0;
  const client = createClient({
    server: "https://flix.example",
    tokenProvider: () => `token-${(made += 1)}`,
  });
  expect(await client.authorization()).toBe("Bearer token-1");
  expect(await client.authorization()).toBe("Bearer token-2");
  expect(await clientOf("https://flix.example").authorization()).toBe("Bearer secret-token");
  expect(await createClient({ server: "https://flix.example" }).authorization()).toBeUndefined();
});

describe("an answer", () => {
  test("without a body is undefined, and text is text", async () => {
    const { url } = await startHttpServer(({ method }, response) => {
      if (method === "DELETE") response.writeHead(204).end();
      else response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end("up 1\n");
    });
    expect(await deleteTitle(clientOf(url), { title_id: titleId })).toBeUndefined();
    expect(await getMetrics(clientOf(url))).toBe("up 1\n");
  });

  test("of bytes is a blob of them", async () => {
    const bytes = Buffer.from([0xff, 0xd8, 0x00, 0x7b]);
    const { url, requests } = await startHttpServer((_, response) => {
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes);
    });
    const file = { package_id: "pkg_1", file_path: "posters/1.jpg" };
    const blob = await getPackageFile(clientOf(url), file);
    expect(Buffer.from(await blob.arrayBuffer())).toEqual(bytes);
    expect(requests[0]?.path).toBe("/v1/packages/pkg_1/files/posters%2F1.jpg");
  });

  test("that is a problem is thrown with its code, status, fields and request id", async () => {
    const { url } = await startHttpServer((_, response) =>
      answerJson(response, 400, {
        code: "invalid_request",
        title: "The request is not valid",
        detail: "1 field is not valid.",
        request_id: "req_7",
        errors: [{ pointer: "/title", message: "must be a string" }],
      }),
    );
    const error = await failureOf(createTitle(clientOf(url), { body: { kind: "film", title: "x" } }));
    expect(error).toMatchObject({
      isFlixError: true,
      code: "invalid_request",
      status: 400,
      title: "The request is not valid",
      detail: "1 field is not valid.",
      message: "The request is not valid: 1 field is not valid.",
      requestId: "req_7",
      errors: [{ pointer: "/title", message: "must be a string" }],
    });
  });

  test("of something else than a flix server is told apart, whatever its status", async () => {
    const { url } = await startHttpServer(({ path }, response) => {
      const status = path === "/v1/titles" ? 200 : 404;
      response.writeHead(status, { "content-type": "text/html" }).end("<h1>Sign in to the Wi-Fi</h1>");
    });
    const portal = await failureOf(listTitles(clientOf(url)));
    expect(portal).toMatchObject({ code: "unexpected_response", status: 200, detail: "text/html" });
    const missing = await failureOf(getTitle(clientOf(url), { title_id: titleId }));
    expect(missing).toMatchObject({ code: "unexpected_response", status: 404, detail: "HTTP 404" });
  });

  test("comes through `client.GET` as openapi-fetch gives it, the failures too", async () => {
    const { url } = await startHttpServer(({ path }, response) => {
      if (path === "/v1/titles") answerJson(response, 200, { data: [] });
      else answerProblem(response, 404, "title_not_found");
    });
    const client = clientOf(url);
    const { data } = await client.GET("/v1/titles");
    expect(data).toEqual({ data: [] });
    const params = { path: { title_id: titleId } };
    const { error, response } = await client.GET("/v1/titles/{title_id}", { params });
    expect([error?.code, response.status]).toEqual(["title_not_found", 404]);
  });
});

describe("no answer", () => {
  test("from a server that is gone is a network error, and tells no secret", async () => {
    const { url, close } = await startHttpServer(() => undefined);
    await close();
    const error = await failureOf(listTitles(clientOf(url)));
    expect(error).toMatchObject({ code: "network_error", detail: `GET ${url}/v1/titles` });
    expect(error.status).toBeUndefined();
    expect(inspect(error, { depth: 10 })).toContain("ECONNREFUSED");
    expect(inspect(error, { depth: 10 })).not.toContain("secret-token");
  });

  test("in time is a timeout, also when the answer stalls in its middle", async () => {
    const { url, requests } = await startHttpServer(({ path }, response) => {
      if (path !== "/v1/titles") return;
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write("{");
    });
    const limits = { timeoutMs: 60, maxRetries: 1 };
    const silent = await failureOf(getTitle(clientOf(url), { title_id: titleId }, limits));
    expect(silent).toMatchObject({ code: "timeout" });
    expect(inspect(silent, { depth: 10 })).not.toContain("secret-token");
    expect(await failureOf(listTitles(clientOf(url), {}, limits))).toMatchObject({ code: "timeout" });
    expect(requests).toHaveLength(4);
  });

  test("after an abort keeps the caller's reason: before, while it signs in, during and between tries", async () => {
    const stop = new AbortController();
    const reason = new Error("the viewer left");
    const { url, requests } = await startHttpServer(() => stop.abort(reason));
    const early = await failureOf(listTitles(clientOf(url), {}, { signal: AbortSignal.abort(reason) }));
    expect(early).toMatchObject({ code: "aborted", cause: reason });
    expect(requests).toHaveLength(0);
    const during = await failureOf(listTitles(clientOf(url), {}, { signal: stop.signal }));
    expect(during).toMatchObject({ code: "aborted", cause: reason });
    expect(requests).toHaveLength(1);

    const signingIn = new AbortController();
    const tokenProvider = () => new Promise<string>(() => signingIn.abort(reason));
    const slow = createClient({ server: url, tokenProvider, timeoutMs: 2 ** 31 - 1 });
    const unsigned = await failureOf(listTitles(slow, {}, { signal: signingIn.signal }));
    expect(unsigned).toMatchObject({ code: "aborted", cause: reason });
    expect(requests).toHaveLength(1);

    const between = new AbortController();
    const clock = { ...createSkippingClock(), sleep: () => Promise.reject(between.abort(reason)) };
    const busy = await startHttpServer((_, response) => answerProblem(response, 503, "unavailable"));
    const call = listTitles(clientOf(busy.url, { clock }), {}, { signal: between.signal });
    expect(await failureOf(call)).toMatchObject({ code: "aborted", cause: reason });
    expect(busy.requests).toHaveLength(1);
  });
});
