import { createClient } from "@flix/sdk";
import { expect, test } from "vitest";
import { hexKeysOf, keyIdsData, protectionOf } from "./protection.ts";

const keyId = "fbff3e52-41d8-4f06-9b2e-6d5f10c8a7e4";
const kid = "-_8-UkHYTwabLm1fEMin5A";
const license = {
  type: "temporary" as const,
  keys: [{ kty: "oct" as const, kid, k: "AAECAwQFBgcICQoLDA0ODw" }],
};

test("asks for the keys of what the plan plays, signed in, and names them as players do", async () => {
  const asked: { url: string; body: unknown; authorization: string | null }[] = [];
  const client = createClient({
    server: "https://flix.example",
    token: "abc",
    async fetch(request) {
      const authorization = request.headers.get("authorization");
      asked.push({ url: request.url, body: await request.json(), authorization });
      return Response.json(license);
    },
  });
  const key_systems = [{ key_system: "org.w3.clearkey" as const, license_url: "/v1/x/license" }];
  const protection = protectionOf(client, {
    id: "pbs_1",
    protection: { scheme: "cbcs", key_ids: [keyId], key_systems },
  });
  expect(protection?.keySystems).toEqual([
    { key_system: "org.w3.clearkey", license_url: "https://flix.example/v1/x/license" },
  ]);
  const told = await protection?.license();
  const url = "https://flix.example/v1/playback-sessions/pbs_1/license";
  expect(asked).toEqual([{ url, body: { kids: [kid] }, authorization: "Bearer abc" }]);
  expect(hexKeysOf(told ?? { ...license, keys: [] })).toEqual({
    [keyId.replaceAll("-", "")]: "000102030405060708090a0b0c0d0e0f",
  });
  expect(await protection?.licenseHeaders()).toEqual({
    "content-type": "application/json",
    authorization: "Bearer abc",
  });
});

test("a film in the clear needs nothing", () => {
  expect(protectionOf(createClient({ server: "https://flix.example" }), { id: "pbs_1" })).toBeUndefined();
});

test("one key's initialisation data is a list of its id", () => {
  const bytes = Uint8Array.from(Buffer.from(keyId.replaceAll("-", ""), "hex"));
  expect(JSON.parse(new TextDecoder().decode(keyIdsData(bytes)))).toEqual({ kids: [kid] });
});
