import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSeal } from "../../kernel/sealing.ts";
import { createContext } from "./context.ts";
import { loadSigningKey } from "./signing-key.ts";
import { startOauthPlatform } from "./testing/oauth.ts";

let platform: Awaited<ReturnType<typeof startOauthPlatform>>;
beforeAll(async () => {
  platform = await startOauthPlatform();
});
afterAll(() => platform?.close());

it("outlives a change of the platform's secret, where the one before is told once", async () => {
  const { kernel } = platform;
  const context = createContext(kernel, "open");
  const load = (...secrets: Buffer[]) => {
    const [seal = createSeal(kernel.secret, "oauth records"), previous] = secrets.map((secret) =>
      createSeal(secret, "oauth records"),
    );
    return loadSigningKey(kernel.units, context, seal, previous);
  };
  const before = await load(kernel.secret);
  const next = randomBytes(32);
  await expect(load(next)).rejects.toMatchObject({ code: "secret_not_valid" });
  expect(await load(next, kernel.secret)).toEqual(before);
  expect(await load(next)).toEqual(before);
  expect(await load(next, kernel.secret)).toEqual(before);
  await expect(load(kernel.secret)).rejects.toMatchObject({ code: "secret_not_valid" });
});
