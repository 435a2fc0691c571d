import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { faultOf } from "./testing/conformance.ts";
import { operations, type Named } from "./testing/contract-requests.ts";
import { malformed } from "./testing/malformed.ts";
import { send } from "./testing/send.ts";
import { startStockedPlatform, type StockedPlatform } from "./testing/stocked-platform.ts";

/** Requests for each operation, 3 560 together; more of them with FLIX_ROUNDS=1000 and another FLIX_SEED. */
const numRuns = Number(process.env["FLIX_ROUNDS"] ?? 40);
const seed = Number(process.env["FLIX_SEED"] ?? 20261122);

let platform: StockedPlatform["platform"];
let named: Named;
let personFor: StockedPlatform["personFor"];

beforeAll(async () => {
  ({ platform, named, personFor } = await startStockedPlatform());
});
afterAll(() => platform?.close());

it.each(operations)(
  "$operationId answers whatever comes as the contract says, and never with a 5xx",
  async (operation) => {
    const isStream = operation.responses["200"]?.contentType === "text/event-stream";
    const authorization = `Bearer ${personFor(operation).token}`;
    const requests = malformed(operation, named, platform.clock.now());
    const property = fc.asyncProperty(requests, async (request) => {
      const headers = { authorization, ...request.headers };
      const answer = await send(platform, { ...request, headers }, isStream);
      const cause = platform.logged.findLast((line) => line.includes('"level":"error"'));
      expect(faultOf(operation, answer), cause).toBeUndefined();
    });
    await fc.assert(property, { numRuns, seed, endOnFailure: true });
  },
  60_000 + numRuns * 200,
);
