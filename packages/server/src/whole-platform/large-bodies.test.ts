import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultOf } from "./testing/conformance.ts";
import { operations, requestOf, toInject, type Named } from "./testing/contract-requests.ts";
import { send } from "./testing/send.ts";
import { textFields, withText } from "./testing/text-fields.ts";
import { startStockedPlatform, type StockedPlatform } from "./testing/stocked-platform.ts";

const usualLimit = 1024 * 1024;
let platform: StockedPlatform["platform"];
let named: Named;
let personFor: StockedPlatform["personFor"];

beforeAll(async () => {
  ({ platform, named, personFor } = await startStockedPlatform());
});
afterAll(() => platform?.close());

const mutations = operations.filter(({ method }) => method !== "get");

describe.each(mutations)("$operationId", (operation) => {
  const limit = operation.bodyLimitBytes ?? usualLimit;
  const request = () => requestOf(operation, named, platform.clock.now());
  const withBody = (body: Buffer) => {
    const type = operation.body?.contentTypes[0] ?? "application/json";
    return toInject(
      { ...request(), headers: { "content-type": type, ...request().headers }, body },
      personFor(operation),
    );
  };

  it("takes no body over its limit, told of before or not", async () => {
    const told = withBody(Buffer.alloc(limit + 1, " "));
    // Without a length the bytes are counted as they come.
    const untold = { ...told, payload: Readable.from([Buffer.alloc(limit, " "), Buffer.from(" ")]) };
    for (const sent of [told, untold]) {
      const answer = await send(platform, sent);
      expect(answer.statusCode).toBe(413);
      expect(faultOf(operation, answer)).toBeUndefined();
    }
  });
});

/** What makes patterns that look back take forever. */
const hostile = [" ", "-", "a.", "a-", "a@a.", "\\", "0", "😀", "a/", "é"];

/** Up to 32 KB every fault of a body is looked for, beyond it the first one only. */
describe.each([30_000, 100_000])("%i characters of hostile text", (size) => {
  const fields = operations.flatMap((operation) =>
    textFields(operation.body?.schema ?? {}).map((steps) => ({ operation, steps, name: steps.join(".") })),
  );

  it.each(fields)(
    "takes no longer than plain text in $operation.operationId $name",
    async ({ operation, steps }) => {
      const timed = async (text: string) => {
        const { body, ...request } = requestOf(operation, named, platform.clock.now());
        const sent = toInject({ ...request, body: withText(body, steps, text) }, personFor(operation));
        const startedMs = performance.now();
        const answer = await send(platform, sent);
        const tookMs = performance.now() - startedMs;
        expect(faultOf(operation, answer)).toBeUndefined();
        return tookMs;
      };
      const fastest = async (text: string) => Math.min(await timed(text), await timed(text));
      const plainMs = await fastest("x".repeat(size));
      // A pattern that looks back takes seconds at this size; the machine's own noise takes milliseconds.
      for (const text of hostile) {
        expect(await fastest(text.repeat(size / text.length))).toBeLessThan(plainMs * 10 + 200);
      }
    },
  );
});
