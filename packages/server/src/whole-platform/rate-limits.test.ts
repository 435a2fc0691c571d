import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { alone } from "../../testing/index.ts";
import { problemFault } from "./testing/conformance.ts";
import { addViewer, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

const perSecond = { anonymous: 2, principal: 4 };
const burst = { anonymous: 10, principal: 20 };
const limits = {
  ...alone,
  FLIX_ANONYMOUS_RATE_LIMIT: String(perSecond.anonymous),
  FLIX_RATE_LIMIT: String(perSecond.principal),
};
let direct: WholePlatform;
let proxied: WholePlatform;

beforeAll(async () => {
  [direct, proxied] = await Promise.all([
    startWholePlatform(limits),
    startWholePlatform({ ...limits, FLIX_TRUSTED_PROXIES: "10.0.0.0/8" }),
  ]);
});
afterAll(() => Promise.all([direct?.close(), proxied?.close()]));

let requests = 0;

interface Asker {
  address?: string;
  forwardedFor?: string;
  person?: Person;
  url?: string;
}

function ask(
  platform: WholePlatform,
  { address = "192.0.2.1", forwardedFor, person, url = "/v1/plans" }: Asker,
) {
  requests += 1;
  // Another forged origin each time; behind no trusted proxy nothing of it may count.
  const forged = `203.0.113.${requests % 250}`;
  const authorization = person?.token === undefined ? {} : { authorization: `Bearer ${person.token}` };
  return platform.app.inject({
    url,
    remoteAddress: address,
    headers: {
      "x-forwarded-for": forwardedFor === undefined ? forged : `${forged}, ${forwardedFor}`,
      forwarded: `for=${forged}`,
      "x-real-ip": forged,
      "true-client-ip": forged,
      ...authorization,
    },
  });
}

/** Asks until it is too often; answers how many went through, and the refusal. */
async function exhaust(
  platform: WholePlatform,
  asker: Asker,
): Promise<{ passed: number; refusal: LightMyRequestResponse }> {
  for (let passed = 0; passed < 1000; passed += 1) {
    const refusal = await ask(platform, asker);
    if (refusal.statusCode === 429) return { passed, refusal };
  }
  throw new Error("Nobody was refused");
}

it("an address without a token is refused after its burst, whatever it says of where it comes from", async () => {
  const { passed, refusal } = await exhaust(direct, {});
  expect(passed).toBe(burst.anonymous);
  expect(problemFault(refusal)).toBeUndefined();
  const retryAfter = Number(refusal.headers["retry-after"]);
  expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(refusal.headers).toMatchObject({
    "ratelimit-policy": `"default";q=${burst.anonymous};w=5`,
    ratelimit: `"default";r=0;t=${retryAfter}`,
  });
  expect((await ask(direct, { address: "192.0.2.2" })).statusCode).toBe(200);
  direct.clock.advance(retryAfter * 1000);
  expect((await ask(direct, {})).statusCode).toBe(200);
});

it("bad tokens cost their address, so that they cannot be guessed without end", async () => {
  const guess: Person = { kind: "nobody", id: "", scopes: [], token: "guess" };
  const address = "192.0.2.3";
  const { passed } = await exhaust(direct, { person: guess, address, url: "/v1/whoami" });
  expect(passed).toBe(burst.anonymous);
  expect((await ask(direct, { address })).statusCode).toBe(429);
});

it("an account has one limit for all its addresses, and takes nothing of another's", async () => {
  direct.clock.advance(60_000);
  const [one, other] = [await addViewer(direct), await addViewer(direct)];
  direct.clock.advance(60_000);
  const { passed } = await exhaust(direct, { person: one, address: "192.0.2.4" });
  expect(passed).toBe(burst.principal);
  expect((await ask(direct, { person: one, address: "192.0.2.5" })).statusCode).toBe(429);
  expect((await ask(direct, { person: other, address: "192.0.2.4" })).statusCode).toBe(200);
});

it("a trusted proxy tells the address; what its client wrote before does not count", async () => {
  const behind = (client: string) => ({ address: "10.1.2.3", forwardedFor: client });
  const { passed } = await exhaust(proxied, behind("192.0.2.6"));
  expect(passed).toBe(burst.anonymous);
  expect((await ask(proxied, behind("192.0.2.7"))).statusCode).toBe(200);
  // Past the proxy, straight to the server.
  const { passed: straight } = await exhaust(proxied, { address: "192.0.2.8" });
  expect(straight).toBe(burst.anonymous);
});
