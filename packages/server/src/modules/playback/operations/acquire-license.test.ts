import type { components } from "@flix/openapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../../../../testing/index.ts";
import { makeKeySet, uploadPackage } from "../testing/package.ts";
import { created, openStage, type Stage, type Subscriber } from "../testing/stage.ts";

type Schemas = components["schemas"];
type Session = Schemas["PlaybackSession"];

const widevine = "https://license.example.com/widevine?tenant=flix";

let stage: Stage;
let film: string;
/** What the encoder was told, by tier. */
let keys: Map<string, Schemas["ExportedKey"]>;
beforeAll(async () => {
  stage = await openStage({ licenseServers: { "com.widevine.alpha": widevine } });
  film = await stage.film({}, { protect: true });
  keys = await keysOf(film);
});
afterAll(() => stage?.close());

const staff = () => stage.platform.as(operator());

async function keysOf(titleId: string): Promise<typeof keys> {
  const { data } = created<Schemas["KeySetList"]>(await staff().get(`/v1/titles/${titleId}/key-sets`));
  const url = `/v1/key-sets/${data[0]?.id ?? ""}/export`;
  const told = created<Schemas["ExportedKeySet"]>(await staff().post(url));
  return new Map(told.keys.map((key) => [key.tier, key]));
}

const kidOf = (tier: string) => base64url(keys.get(tier)?.key_id.replaceAll("-", "") ?? "");
const base64url = (hex: string) => Buffer.from(hex, "hex").toString("base64url");
const kidsOf = ({ protection }: Session) =>
  (protection?.key_ids ?? []).map((id) => base64url(id.replaceAll("-", "")));
const start = async (subscriber: Subscriber, titleId = film) =>
  created<Session>(await stage.play(subscriber, titleId));
const ask = ({ person }: Subscriber, { id }: Pick<Session, "id">, body: object) =>
  stage.platform.as(person).post(`/v1/playback-sessions/${id}/license`, { body });
const refusal = async (asking: ReturnType<typeof ask>) => {
  const answer = await asking;
  for (const { key } of keys.values()) expect(answer.body).not.toContain(base64url(key));
  return [answer.statusCode, answer.json().code];
};

describe("a session of an encrypted package", () => {
  it("says how it is encrypted, which keys its plan plays, and where licenses come from", async () => {
    const session = await start(await stage.subscriber());
    expect(session.protection).toEqual({
      scheme: "cbcs",
      key_ids: ["sd", "hd", "audio"].map((tier) => keys.get(tier)?.key_id),
      key_systems: [
        { key_system: "org.w3.clearkey", license_url: `/v1/playback-sessions/${session.id}/license` },
        { key_system: "com.widevine.alpha", license_url: widevine },
      ],
    });
    const smaller = await start(await stage.subscriber({ maxHeight: 480 }));
    expect(smaller.protection?.key_ids).toEqual(["sd", "audio"].map((tier) => keys.get(tier)?.key_id));
  });

  it("gets the keys that it asks for, as a browser's decryption module takes them, and nobody keeps them", async () => {
    const subscriber = await stage.subscriber();
    const kids = [kidOf("hd"), kidOf("audio")];
    const answer = await ask(subscriber, await start(subscriber), { kids, type: "temporary" });
    const license = created<Schemas["License"]>(answer);
    expect(license).toEqual({
      type: "temporary",
      keys: ["hd", "audio"].map((tier) => ({
        kty: "oct",
        kid: kidOf(tier),
        k: base64url(keys.get(tier)?.key ?? ""),
      })),
    });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  it("keeps its keys when its title gets another package", async () => {
    const subscriber = await stage.subscriber();
    const titleId = await stage.film({}, { protect: true });
    const before = await start(subscriber, titleId);
    const keySet = await makeKeySet(staff(), titleId);
    await uploadPackage(staff(), titleId, { keySet, word: "the next one" });
    const after = created<Session>(await stage.play(subscriber, titleId, { device: "tv-2" }));
    expect(after.protection?.key_ids).toEqual(keySet.keys.map(({ key_id }) => key_id));
    const [own, foreign] = [kidsOf(before), kidsOf(after)];
    expect((await ask(subscriber, before, { kids: own })).statusCode).toBe(200);
    expect(await refusal(ask(subscriber, before, { kids: foreign }))).toEqual([404, "content_key_not_found"]);
    expect(await refusal(ask(subscriber, after, { kids: own }))).toEqual([404, "content_key_not_found"]);
  });
});

describe("a license is refused", () => {
  it("to another account, whose answer is that of a session that is not there", async () => {
    const [one, other] = [await stage.subscriber(), await stage.subscriber()];
    const session = await start(one);
    const kids = [kidOf("sd")];
    expect(await refusal(ask(other, session, { kids }))).toEqual([404, "playback_session_not_found"]);
    const none = { id: "pbs_00000000000000000000000000" };
    expect(await refusal(ask(other, none, { kids }))).toEqual([404, "playback_session_not_found"]);
    const anybody = stage.platform.as();
    const url = `/v1/playback-sessions/${session.id}/license`;
    expect(await refusal(anybody.post(url, { body: { kids } }))).toEqual([401, "invalid_token"]);
    expect(await refusal(staff().post(url, { body: { kids } }))).toEqual([403, "insufficient_scope"]);
  });

  it("once the session has ended, or fallen silent", async () => {
    const subscriber = await stage.subscriber();
    const kids = [kidOf("sd")];
    const stopped = await start(subscriber);
    await stage.platform.as(subscriber.person).post(`/v1/playback-sessions/${stopped.id}/stop`, { body: {} });
    expect(await refusal(ask(subscriber, stopped, { kids }))).toEqual([409, "playback_session_ended"]);
    const silent = await start(subscriber);
    stage.platform.clock.advance(90_000);
    expect(await refusal(ask(subscriber, silent, { kids }))).toEqual([409, "playback_session_ended"]);
  });

  it("for a quality above the plan, while the others of the same request are told", async () => {
    const subscriber = await stage.subscriber({ maxHeight: 480 });
    const session = await start(subscriber);
    const hd = [kidOf("hd")];
    expect(await refusal(ask(subscriber, session, { kids: hd }))).toEqual([403, "quality_not_entitled"]);
    const all = ["sd", "hd", "audio"].map(kidOf);
    const { keys: told } = created<Schemas["License"]>(await ask(subscriber, session, { kids: all }));
    expect(told.map(({ kid }) => kid)).toEqual([kidOf("sd"), kidOf("audio")]);
  });

  it("to a profile that may not watch the title any more, and after the title was taken down", async () => {
    const subscriber = await stage.subscriber();
    const profileId = await stage.profile(subscriber, { name: "Kid", maturity_limit: 18 });
    const titleId = await stage.film(
      { maturity: { system: "FSK", country: "DE", value: "16", minimum_age: 16 } },
      { protect: true },
    );
    const session = created<Session>(await stage.play(subscriber, titleId, { profileId }));
    const kids = kidsOf(session);
    expect((await ask(subscriber, session, { kids })).statusCode).toBe(200);
    const limit = (maturity_limit: number) =>
      stage.platform.as(subscriber.person).patch(`/v1/profiles/${profileId}`, {
        body: { maturity_limit },
        headers: { "if-match": "*" },
      });
    expect((await limit(6)).statusCode).toBe(200);
    expect(await refusal(ask(subscriber, session, { kids }))).toEqual([403, "maturity_blocked"]);
    expect((await limit(18)).statusCode).toBe(200);
    await staff().post(`/v1/titles/${titleId}/unpublish`);
    expect(await refusal(ask(subscriber, session, { kids }))).toEqual([404, "title_not_available"]);
  });

  it("for keys of no package, of another package, and of a package that is not encrypted", async () => {
    const subscriber = await stage.subscriber();
    const unknown = base64url("00".repeat(16));
    const session = await start(subscriber);
    expect(await refusal(ask(subscriber, session, { kids: [unknown] }))).toEqual([
      404,
      "content_key_not_found",
    ]);
    const clear = await start(subscriber, await stage.film());
    expect(clear).not.toHaveProperty("protection");
    expect(await refusal(ask(subscriber, clear, { kids: [kidOf("sd")] }))).toEqual([
      409,
      "package_not_protected",
    ]);
  });

  it("for what is no license request", async () => {
    const subscriber = await stage.subscriber();
    const session = await start(subscriber);
    const kid = kidOf("sd");
    const wrong = [
      {},
      { kids: [] },
      { kids: ["x"] },
      { kids: [`${kid}==`] },
      { kids: [kid], type: "persistent-license" },
      { kids: [kid], account_id: "acc_01k9v3c4x5e6f7g8h9j0kmnpqr" },
      { kids: Array.from({ length: 10_000 }, () => kid) },
    ];
    for (const body of wrong)
      expect(await refusal(ask(subscriber, session, body))).toEqual([400, "invalid_request"]);
  });
});
