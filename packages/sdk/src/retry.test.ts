import { describe, expect, test } from "vitest";
import { createSkippingClock } from "../testing/clocks.ts";
import { answerJson, answerProblem, startHttpServer, type Handler } from "../testing/http-server.ts";
import { createClient } from "./client.ts";
import { createTitle, listTitles, updateTitle } from "./generated/operations.ts";

const film = { body: { kind: "film", title: "Big Buck Bunny" } } as const;
const change = { title_id: "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", body: { title: "New" }, etag: '"1"' };

/** Fails the first `times` requests as told, then answers. */
async function setUp(times: number, fail: Handler, options: { random?: number } = {}) {
  const clock = createSkippingClock(options.random);
  let count = 0;
  const { url, requests } = await startHttpServer((request, response) => {
    count += 1;
    return count <= times ? fail(request, response) : answerJson(response, 200, { data: [] });
  });
  return { client: createClient({ server: url, clock }), clock, requests };
}

const busy: Handler = (_, response) => answerProblem(response, 503, "unavailable");
const breakOff: Handler = (_, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write("{", () => response.destroy());
};

describe("when to come back", () => {
  test("is what Retry-After says, in seconds", async () => {
    const fail: Handler = (_, response) => answerProblem(response, 503, "x", { "retry-after": "2" });
    const { client, clock, requests } = await setUp(2, fail);
    await listTitles(client);
    expect(clock.sleeps).toEqual([2000, 2000]);
    expect(requests).toHaveLength(3);
  });

  test("is what Retry-After says, as a date", async () => {
    const date = new Date(Date.now() + 30_000).toUTCString();
    const fail: Handler = (_, response) => answerProblem(response, 429, "x", { "retry-after": date });
    const { client, clock } = await setUp(1, fail);
    await listTitles(client);
    expect(clock.sleeps[0]).toBeGreaterThan(20_000);
    expect(clock.sleeps[0]).toBeLessThanOrEqual(30_000);
  });

  test("is otherwise twice as late each time, up to 8 seconds, with full jitter", async () => {
    const limits = { maxRetries: 7 };
    const late = await setUp(7, busy, { random: 1 });
    await listTitles(late.client, {}, limits);
    expect(late.clock.sleeps).toEqual([300, 600, 1200, 2400, 4800, 8000, 8000]);
    const early = await setUp(7, busy, { random: 0.25 });
    await listTitles(early.client, {}, limits);
    expect(early.clock.sleeps).toEqual([75, 150, 300, 600, 1200, 2000, 2000]);
  });

  test("is left to the caller when the server asks for more than a minute", async () => {
    const fail: Handler = (_, response) =>
      answerProblem(response, 429, "rate_limited", { "retry-after": "61" });
    const { client, requests } = await setUp(1, fail);
    await expect(listTitles(client)).rejects.toMatchObject({ code: "rate_limited", retryAfterSeconds: 61 });
    expect(requests).toHaveLength(1);
  });
});

describe("what is sent again", () => {
  test("ends after three more tries, or as many as the caller says", async () => {
    const standard = await setUp(99, busy);
    await expect(listTitles(standard.client)).rejects.toMatchObject({ code: "unavailable", status: 503 });
    expect(standard.requests).toHaveLength(4);
    const none = await setUp(99, busy);
    await expect(listTitles(none.client, {}, { maxRetries: 0 })).rejects.toMatchObject({ status: 503 });
    expect(none.requests).toHaveLength(1);
  });

  test.each([408, 429, 500, 502, 503, 504])("is a read after %i", async (status) => {
    const { client, requests } = await setUp(1, (_, response) => answerProblem(response, status, "x"));
    await listTitles(client);
    expect(requests).toHaveLength(2);
  });

  test.each([400, 401, 403, 404, 409, 410, 412, 422, 428, 501, 507])(
    "is no read after %i",
    async (status) => {
      const { client, requests } = await setUp(1, (_, response) => answerProblem(response, status, "x"));
      await expect(listTitles(client)).rejects.toMatchObject({ status, code: "x" });
      expect(requests).toHaveLength(1);
    },
  );

  test("is a read whose answer broke off in its middle, or never came", async () => {
    const broken = await setUp(2, breakOff);
    expect(await listTitles(broken.client)).toEqual({ data: [] });
    const reset = await setUp(2, (_, response) => void response.destroy());
    expect(await listTitles(reset.client)).toEqual({ data: [] });
    expect([broken.requests.length, reset.requests.length]).toEqual([3, 3]);
  });

  test("is a POST, under one key and with the same body", async () => {
    const { client, requests } = await setUp(3, ({ path }, response) => {
      if (path === "/v1/titles") response.destroy();
    });
    await createTitle(client, film);
    const keys = new Set(requests.map(({ headers }) => headers["idempotency-key"]));
    expect([requests.length, keys.size]).toEqual([4, 1]);
    expect(requests.every(({ body }) => body.equals(Buffer.from(JSON.stringify(film.body))))).toBe(true);
  });

  test("is a POST whose first request is still at work, but none that another conflict stops", async () => {
    const fail: Handler = (_, response) =>
      answerProblem(response, 409, "idempotency_in_flight", { "retry-after": "1" });
    const inFlight = await setUp(1, fail);
    await createTitle(inFlight.client, film);
    expect(inFlight.clock.sleeps).toEqual([1000]);
    const taken = await setUp(1, (_, response) => answerProblem(response, 409, "episode_place_taken"));
    await expect(createTitle(taken.client, film)).rejects.toMatchObject({ code: "episode_place_taken" });
    expect(taken.requests).toHaveLength(1);
  });

  test("is a PATCH only after a 429: it has no key, and may have been done", async () => {
    for (const fail of [busy, breakOff]) {
      const { client, requests } = await setUp(1, fail);
      await expect(updateTitle(client, change)).rejects.toThrow();
      expect(requests).toHaveLength(1);
    }
    const limited = await setUp(1, (_, response) => answerProblem(response, 429, "rate_limited"));
    await updateTitle(limited.client, change);
    expect(limited.requests).toHaveLength(2);
  });
});
