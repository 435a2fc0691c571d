import contract from "@flix/openapi/flix.json" with { type: "json" };
import { expect, test } from "vitest";
import { createSkippingClock } from "../testing/clocks.ts";
import { answerJson, startHttpServer } from "../testing/http-server.ts";
import { createFlix, listOperations } from "./flix.ts";
import { FlixError } from "./errors.ts";

test("has one method for each operation of the contract", () => {
  const flix = createFlix({ server: "https://flix.example" });
  const promised = Object.entries(contract.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      "operationId" in operation ? [`${operation.operationId} ${method} ${path}`] : [],
    ),
  );
  const offered = listOperations().map(({ operationId, method, path }) => `${operationId} ${method} ${path}`);
  expect(offered.toSorted()).toEqual(promised.toSorted());
  const methods = new Map<string, unknown>(Object.entries(flix));
  for (const { operationId } of listOperations()) expect(methods.get(operationId)).toBeTypeOf("function");
});

test("calls operations, also those whose name another export of the package has", async () => {
  const { url, requests } = await startHttpServer((_, response) =>
    answerJson(response, 200, { data: ["a"] }),
  );
  const flix = createFlix({ server: url, token: "t", clock: createSkippingClock() });
  await flix.createMachineClient({ body: { name: "Nightly publishing", scopes: ["catalog:write"] } });
  await flix.getTitle({ title_id: "ttl_1" }, { headers: { "x-trace": "1" } });
  const found: unknown[] = [];
  for await (const title of flix.pages.listTitles({ q: "bunny" })) found.push(title);
  expect(found).toEqual(["a"]);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /v1/clients",
    "GET /v1/titles/ttl_1",
    "GET /v1/titles?q=bunny",
  ]);
  expect(requests[1]?.headers["x-trace"]).toBe("1");
});

test("chooses an operation at run time, and says what its input misses", async () => {
  const { url, requests } = await startHttpServer((_, response) =>
    answerJson(response, 200, { id: "ttl_1" }),
  );
  const { client } = createFlix({ server: url });
  const getTitle = listOperations().find(({ operationId }) => operationId === "getTitle");
  expect(await getTitle?.(client, { title_id: "ttl_1" })).toEqual({ id: "ttl_1" });
  await expect(getTitle?.(client)).rejects.toThrow(
    new FlixError("invalid_request", "getTitle needs title_id"),
  );
  expect(requests).toHaveLength(1);
});
