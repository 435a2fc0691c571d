import { expect, it } from "vitest";
import { keyServerSettings } from "./key-server-settings.ts";
import { planProtection, tiersOf, tiersUpTo } from "./protection-plan.ts";

const url = "https://keys.example.com/speke/v2.0/copyProtection?tenant=7";

it("without a variable the platform's own keys are used", () => {
  expect(keyServerSettings("cbcs", {})).toBeUndefined();
  expect(keyServerSettings("cbcs", { FLIX_KEY_SERVER: " " })).toBeUndefined();
});

it("asks about the systems that play the scheme, or about those that are named", () => {
  const systemsFor = (scheme: "cenc" | "cbcs", names?: string) =>
    keyServerSettings(scheme, { FLIX_KEY_SERVER: url, FLIX_KEY_SERVER_SYSTEMS: names })?.keySystems;
  expect(systemsFor("cenc")).toEqual(["com.widevine.alpha", "com.microsoft.playready"]);
  expect(systemsFor("cbcs")).toEqual(["com.widevine.alpha", "com.microsoft.playready", "com.apple.fps"]);
  expect(systemsFor("cbcs", "FairPlay, fairplay")).toEqual(["com.apple.fps"]);
});

it("takes headers a line each, and repeats none of them when one is wrong", () => {
  const headers = "Authorization: Bearer a:b=c\n\nX-Tenant:seven \n";
  const settings = keyServerSettings("cenc", { FLIX_KEY_SERVER: url, FLIX_KEY_SERVER_HEADERS: headers });
  expect(settings).toMatchObject({ url, headers: { authorization: "Bearer a:b=c", "x-tenant": "seven" } });
  const wrong = { FLIX_KEY_SERVER: url, FLIX_KEY_SERVER_HEADERS: "c4n4ry" };
  expect(() => keyServerSettings("cenc", wrong)).toThrow(/no header/);
  expect(() => keyServerSettings("cenc", wrong)).not.toThrow(/c4n4ry/);
});

it.each<[Record<string, string>, RegExp]>([
  [{ FLIX_KEY_SERVER: "keys.example.com" }, /no http or https URL/],
  [{ FLIX_KEY_SERVER: "file:///etc/passwd" }, /no http or https URL/],
  [{ FLIX_KEY_SERVER: url, FLIX_KEY_SERVER_SYSTEMS: "widevine,primetime" }, /names primetime/],
  [{ FLIX_KEY_SERVER: url, FLIX_KEY_SERVER_SYSTEMS: "fairplay" }, /cbcs alone/],
])("%o is refused", (env, reason) => {
  expect(() => keyServerSettings("cenc", env)).toThrow(reason);
});

it("a plan says what decides the bytes; a package that stays clear has none", () => {
  expect(planProtection({}, {})).toBeUndefined();
  expect(planProtection({ protect: "none" }, { FLIX_KEY_SERVER: url })).toBeUndefined();
  expect(planProtection({ protect: "cbcs", clearLeadSeconds: 4 }, {})).toEqual({
    scheme: "cbcs",
    clearLeadSeconds: 4,
    keySystems: ["org.w3.clearkey"],
  });
  const keySetId = "kst_01k9v3c4x5e6f7g8h9j0kmnpqr";
  expect(planProtection({ protect: "cenc", keySetId }, {})).toMatchObject({ keySetId });
  for (const options of [{ clearLeadSeconds: 4 }, { keySetId, protect: "none" as const }])
    expect(() => planProtection(options, {})).toThrow(/encrypted/);
  expect(() => planProtection({ protect: "cenc", keySetId }, { FLIX_KEY_SERVER: url })).toThrow(/platform's/);
});

it("a package asks for keys of the tiers that it has", () => {
  const video = [2160, 1080, 720, 576, 234].map((height) => ({ height }));
  expect(tiersOf({ video, audio: [{}] })).toEqual(["sd", "hd", "uhd", "audio"]);
  const tall = { video: [{ height: 1080 }], audio: [] };
  expect([tiersOf(tall), tiersUpTo(tall)]).toEqual([["hd"], ["sd", "hd"]]);
});
