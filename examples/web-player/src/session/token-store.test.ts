import { expect, test } from "vitest";
import { createTokenStore } from "./token-store.ts";

const tokens = { accessToken: "access", refreshToken: "refresh-1", expiresAt: 1_000, scopes: ["playback"] };

function memoryStorage() {
  const kept = new Map<string, string>();
  const storage = {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return storage;
}

test("A reloaded page goes on with the access token that it had, and renews none", async () => {
  const storage = memoryStorage();
  await createTokenStore(storage).write(tokens);
  expect(await createTokenStore(storage).read()).toEqual(tokens);
});

test.each(["{", "[]", '{"accessToken":1,"expiresAt":0,"scopes":[]}', "refresh-1"])(
  "%s is no sign-in",
  async (text) => {
    const storage = memoryStorage();
    storage.setItem("flix.tokens", text);
    expect(await createTokenStore(storage).read()).toBeUndefined();
  },
);

test("The newest refresh token is the one that is kept", async () => {
  const storage = memoryStorage();
  const store = createTokenStore(storage);
  await store.write(tokens);
  await store.write({ ...tokens, refreshToken: "refresh-2" });
  expect((await createTokenStore(storage).read())?.refreshToken).toBe("refresh-2");
});

test("After a sign-out nothing is left, and what was there is answered to be revoked", async () => {
  const storage = memoryStorage();
  const store = createTokenStore(storage);
  await store.write(tokens);
  expect(store.clear()).toBe("refresh-1");
  expect(await store.read()).toBeUndefined();
  expect(storage.kept.size).toBe(0);
});
