import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator, startTestPlatform, viewer, type TestPlatform } from "../testing/index.ts";
import type { Request } from "./kernel/handler.ts";
import type { Kernel } from "./kernel/module.ts";
import { readContract } from "./kernel/contract.ts";
import { sql } from "kysely";

let platform: TestPlatform;
let calls = 0;

beforeAll(async () => {
  platform = await startTestPlatform({
    compose: (kernel) => [{ name: "catalog", handlers: handlersOf(kernel) }],
    environment: { FLIX_MODULES: "catalog" },
  });
});
afterAll(() => platform.close());

/** Stands in for a module, so that the mechanisms are tested without one's rules. */
function handlersOf(kernel: Kernel): Record<string, unknown> {
  const database = kernel.database<{ events: { id: string } }>("catalog");
  const others = readContract().filter(({ module }) => module === "catalog");
  const unused = Object.fromEntries(others.map(({ operationId }) => [operationId, () => ({ data: [] })]));
  return {
    ...unused,
    setGenre: async ({ unit, params, body }: Request<"setGenre">) => {
      calls += 1;
      await unit.publish(database, { type: "test.genre", data: { slug: params.genre_slug } });
      return { slug: params.genre_slug, names: body.names, title_count: 0, password_hash: "never" };
    },
    createTitle: async ({ unit, body }: Request<"createTitle">) => {
      calls += 1;
      await unit.publish(database, { type: "test.title", data: { title: body.title } });
      return { ...exampleTitle, title: body.title };
    },
    updateTitle: async () => exampleTitle,
  };
}

const exampleTitle = {
  id: "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr",
  kind: "film",
  state: "draft",
  title: "x",
  original_language: "en",
  genres: [],
  cast: [],
  artwork: [],
  metadata: {},
  availability: [],
  playable: false,
  created_at: new Date(),
  updated_at: new Date(),
  etag: '"1"',
};

async function countEvents(type: string): Promise<number> {
  const { root } = platform.kernel.database("catalog");
  const { rows } = await sql<{
    count: number;
  }>`select count(*) from kernel.events where type = ${type}`.execute(root);
  return rows[0]?.count ?? -1;
}

describe("the registrar", () => {
  it("answers by the contract's schema: an undeclared field never leaves", async () => {
    const answer = await platform
      .as(operator())
      .put("/v1/genres/drama", { body: { names: { en: "Drama" } } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ slug: "drama", names: { en: "Drama" }, title_count: 0 });
  });

  it("refuses unknown fields, wrong types and unknown parameters with pointers", async () => {
    const asAdmin = platform.as(operator());
    const answer = await asAdmin.post("/v1/titles", { body: { kind: "film", title: 7, role: "admin" } });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json().code).toBe("invalid_request");
    expect(
      answer
        .json()
        .errors.map((error: { pointer: string }) => error.pointer)
        .toSorted(),
    ).toEqual(["/role", "/title"]);
    expect((await asAdmin.get("/v1/titles?unheard_of=1")).json().errors).toEqual([
      { pointer: "query.unheard_of", message: "is not a known field" },
    ]);
  });

  it("asks for a token, then for the scope", async () => {
    expect((await platform.as().get("/v1/titles")).json().code).toBe("invalid_token");
    const answer = await platform
      .as(viewer("acc_01k9v3c4x5e6f7g8h9j0kmnpqr"))
      .post("/v1/titles", { body: { kind: "film", title: "x" } });
    expect(answer.json()).toMatchObject({ code: "insufficient_scope", status: 403 });
  });

  it("wants If-Match where the contract does", async () => {
    const asAdmin = platform.as(operator());
    const url = `/v1/titles/${exampleTitle.id}`;
    expect((await asAdmin.patch(url, { body: { release_year: 2008 } })).statusCode).toBe(428);
    const answer = await asAdmin.patch(url, { body: { release_year: 2008 }, headers: { "if-match": '"1"' } });
    expect(answer.headers["etag"]).toBe('"1"');
  });
});

describe("units of work", () => {
  it("changes nothing when only validating", async () => {
    const before = await countEvents("test.genre");
    const answer = await platform
      .as(operator())
      .put("/v1/genres/horror?validate_only=true", { body: { names: { en: "Horror" } } });
    expect(answer.statusCode).toBe(200);
    expect(await countEvents("test.genre")).toBe(before);
  });

  it("does a keyed request once, and answers its repeats alike", async () => {
    const asAdmin = platform.as(operator());
    const request = { body: { kind: "film", title: "Once" }, headers: { "idempotency-key": "k-1" } };
    const before = calls;
    const first = await asAdmin.post("/v1/titles", request);
    const second = await asAdmin.post("/v1/titles", request);
    expect(second.body).toBe(first.body);
    expect(second.headers["idempotent-replayed"]).toBe("true");
    expect(calls).toBe(before + 1);
    expect(await countEvents("test.title")).toBe(1);
    const other = await asAdmin.post("/v1/titles", { ...request, body: { kind: "film", title: "Twice" } });
    expect(other.json().code).toBe("idempotency_key_reused");
    platform.clock.advance(25 * 3_600_000);
    expect((await asAdmin.post("/v1/titles", request)).headers["idempotent-replayed"]).toBeUndefined();
  });
});
