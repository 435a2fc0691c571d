import { afterAll, beforeAll, expect, it } from "vitest";
import { operator, startTestPlatform, viewer, type TestPlatform } from "../../../../testing/index.ts";
import { createOps } from "../index.ts";

let platform: TestPlatform;
let fault: string | undefined;

beforeAll(async () => {
  platform = await startTestPlatform({
    compose: (kernel) => [
      createOps(kernel, {
        parts: [
          {
            name: "postgres",
            required: true,
            check: async () => {
              if (fault !== undefined) throw new Error(fault);
            },
          },
          { name: "objects", required: true, check: () => kernel.objects.check() },
        ],
        metricsToken: "m3trics",
      }).module,
    ],
    environment: { FLIX_MODULES: "ops" },
  });
});
afterAll(() => platform.close());

it("is alive and ready, and says which part is missing", async () => {
  const anyone = platform.as();
  for (const probe of ["/livez", "/readyz", "/startupz"])
    expect((await anyone.get(probe)).json()).toEqual({ status: "ok" });
  fault = "connection refused";
  const answer = await anyone.get("/readyz");
  expect(answer.statusCode).toBe(503);
  expect(answer.headers["retry-after"]).toBe("5");
  expect(answer.json()).toMatchObject({ code: "unavailable", detail: "postgres" });
  expect((await anyone.get("/livez")).statusCode).toBe(200);
  const health = await platform.as(operator("support")).get("/v1/health");
  expect(health.json()).toMatchObject({
    status: "failed",
    parts: [
      { name: "postgres", status: "failed", detail: fault },
      { name: "objects", status: "ok" },
    ],
  });
  fault = undefined;
});

it("shows the health to staff only", async () => {
  expect((await platform.as(viewer("acc_01k9v3c4x5e6f7g8h9j0kmnpqr")).get("/v1/health")).statusCode).toBe(
    403,
  );
});

it("gives metrics by operation to who has the token", async () => {
  expect((await platform.as().get("/metrics")).statusCode).toBe(401);
  const answer = await platform.as().get("/metrics", { headers: { authorization: "Bearer m3trics" } });
  expect(answer.headers["content-type"]).toContain("text/plain");
  expect(answer.body).toContain(
    'flix_http_request_duration_seconds_count{operation="getLivez",status="200"}',
  );
});

it("documents the contract and every error code", async () => {
  const docs = await platform.as().get("/docs");
  expect([200, 301, 302]).toContain(docs.statusCode);
  expect((await platform.as().get("/openapi.json")).json().openapi).toBe("3.1.0");
  const page = await platform.as().get("/docs/errors/etag_stale");
  expect(page.body).toContain("The resource has changed since");
  expect((await platform.as().get("/docs/errors/unheard_of")).json().code).toBe("not_found");
});
