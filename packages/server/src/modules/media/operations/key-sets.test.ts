import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { components } from "@flix/openapi";
import { machineClient, operator } from "../../../../testing/index.ts";
import type { Kernel } from "../../../kernel/module.ts";
import { createMedia } from "../index.ts";
import { json, newPackage, problem, smallFiles, startTestMedia, type TestMedia } from "../testing/media.ts";

type Schemas = components["schemas"];
type KeySet = Schemas["KeySet"];
type Exported = Schemas["ExportedKeySet"];

let test: TestMedia;
beforeAll(async () => {
  test = await startTestMedia();
});
afterAll(() => test.platform.close());

const encode_key = "ab".repeat(32);

async function makeSet(titleId: string, changes: Partial<Schemas["NewKeySet"]> = {}): Promise<KeySet> {
  const body = { scheme: "cenc", tiers: ["sd", "audio"], ...changes };
  return json(await test.publisher.post(`/v1/titles/${titleId}/key-sets`, { body }), 201);
}

async function exported(keySetId: string): Promise<Exported> {
  return json(await test.publisher.post(`/v1/key-sets/${keySetId}/export`));
}

function protectedBy({ id, scheme, keys }: KeySet): { protection: Schemas["Protection"] } {
  return { protection: { scheme, key_set_id: id, keys, key_systems: ["org.w3.clearkey"] } };
}

/** A package of one 240p rendition, encrypted with a set's keys, that is ready. */
async function makeProtected(titleId: string, keySet: KeySet, word: string): Promise<Schemas["Package"]> {
  const files = smallFiles(word);
  const made = await test.begin(titleId, files, protectedBy(keySet));
  await test.sendAll(made.id, files);
  return json(await test.publisher.post(`/v1/packages/${made.id}/complete`));
}

async function eventsOf(titleId: string): Promise<string[]> {
  const { root } = test.platform.kernel.database("media");
  const { rows } = await sql<{ type: string }>`select type from kernel.events
    where type like 'key_set.%' and data ->> 'title_id' = ${titleId} order by position`.execute(root);
  return rows.map(({ type }) => type);
}

async function countKeys(titleId: string): Promise<number> {
  const { root } = test.platform.kernel.database("media");
  const { rows } = await sql<{ count: string }>`select count(*) from media.content_keys k
    join media.key_sets s on s.id = k.key_set_id where s.title_id = ${titleId}`.execute(root);
  return Number(rows[0]?.count);
}

describe("createKeySet", () => {
  it("makes a key for each tier, none of them like another's", async () => {
    const titleId = await test.makeTitle();
    const first = await makeSet(titleId, { scheme: "cbcs", tiers: ["audio", "uhd", "hd", "sd"] });
    expect(first).toMatchObject({ title_id: titleId, scheme: "cbcs", package_ids: [] });
    expect(first.keys.map(({ tier }) => tier)).toEqual(["sd", "hd", "uhd", "audio"]);
    const second = await makeSet(titleId, { tiers: ["sd"] });
    const keys = [first, second].map(({ id }) => exported(id));
    const all = (await Promise.all(keys)).flatMap((set) => set.keys);
    expect(new Set(all.map(({ key_id }) => key_id)).size).toBe(5);
    expect(new Set(all.map(({ key }) => key)).size).toBe(5);
  });

  it("answers an interrupted encode its own keys, and a finished one new keys", async () => {
    const titleId = await test.makeTitle();
    const first = await makeSet(titleId, { encode_key });
    expect((await makeSet(titleId, { encode_key })).id).toBe(first.id);
    const grown = await makeSet(titleId, { encode_key, tiers: ["sd", "hd", "audio"] });
    expect(grown.keys.filter(({ tier }) => tier !== "hd")).toEqual(first.keys);
    expect((await makeSet(titleId, { encode_key, scheme: "cbcs" })).id).not.toBe(first.id);
    expect((await makeSet(titleId)).id).not.toBe(first.id);
    await makeProtected(titleId, grown, "finished");
    expect((await makeSet(titleId, { encode_key })).id).not.toBe(first.id);
  });

  it("gives those who ask at a time for one encode the same keys", async () => {
    const titleId = await test.makeTitle();
    const made = await Promise.all([1, 2, 3, 4].map(() => makeSet(titleId, { encode_key })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  it("is for films that are there, and makes nothing on trial", async () => {
    const series = await test.makeTitle({ kind: "series" });
    const body = { scheme: "cenc", tiers: ["sd"] };
    expect(problem(await test.publisher.post(`/v1/titles/${series}/key-sets`, { body }))).toEqual([
      422,
      "title_is_series",
    ]);
    const unknown = "/v1/titles/ttl_00000000000000000000000000/key-sets";
    expect(problem(await test.publisher.post(unknown, { body }))).toEqual([404, "title_not_found"]);
    const titleId = await test.makeTitle();
    await test.publisher.post(`/v1/titles/${titleId}/key-sets?validate_only=true`, { body });
    expect(json(await test.publisher.get(`/v1/titles/${titleId}/key-sets`))).toEqual({ data: [] });
  });
});

describe("a key set", () => {
  it("is listed and read without its keys, which an export tells and an event records", async () => {
    const titleId = await test.makeTitle();
    const set = await makeSet(titleId);
    const { keys, cpix } = await exported(set.id);
    expect(json(await test.publisher.get(`/v1/titles/${titleId}/key-sets`))).toEqual({ data: [set] });
    const read = await test.publisher.get(`/v1/key-sets/${set.id}`);
    expect(json(read)).toEqual(set);
    for (const { key_id, key } of keys) {
      expect(read.body).not.toContain(key);
      expect(cpix).toContain(`kid="${key_id}"`);
      expect(cpix).toContain(Buffer.from(key, "hex").toString("base64"));
    }
    expect(await eventsOf(titleId)).toEqual(["key_set.created", "key_set.exported"]);
  });

  it("is exported to who may write media, and on trial with zeros", async () => {
    const { id } = await makeSet(await test.makeTitle());
    const url = `/v1/key-sets/${id}/export`;
    for (const person of [operator("support"), machineClient(["media:read"])]) {
      expect(problem(await test.platform.as(person).post(url))).toEqual([403, "insufficient_scope"]);
    }
    const trial = json<Exported>(await test.publisher.post(`${url}?validate_only=true`));
    expect(new Set(trial.keys.map(({ key }) => key))).toEqual(new Set(["0".repeat(32)]));
    expect(trial.cpix).not.toContain(
      Buffer.from((await exported(id)).keys[0]?.key ?? "", "hex").toString("base64"),
    );
  });

  it("that a package uses cannot be deleted, and goes with the last of its packages", async () => {
    const titleId = await test.makeTitle();
    const set = await makeSet(titleId);
    const [one, two] = [
      await makeProtected(titleId, set, "the first"),
      await makeProtected(titleId, set, "the second"),
    ];
    const used = json<KeySet>(await test.publisher.get(`/v1/key-sets/${set.id}`)).package_ids;
    // Ids of one millisecond have no order.
    expect(new Set(used)).toEqual(new Set([one.id, two.id]));
    expect(problem(await test.publisher.delete(`/v1/key-sets/${set.id}`))).toEqual([409, "key_set_in_use"]);
    await test.publisher.delete(`/v1/packages/${one.id}`);
    expect(await countKeys(titleId)).toBe(2);
    await test.publisher.delete(`/v1/packages/${two.id}`);
    expect(await countKeys(titleId)).toBe(0);
    expect(await eventsOf(titleId)).toEqual(["key_set.created", "key_set.deleted"]);
  });

  it("that nothing came of is deleted by itself, or with its title", async () => {
    const titleId = await test.makeTitle();
    const [unused, left] = [await makeSet(titleId), await makeSet(titleId)];
    expect((await test.publisher.delete(`/v1/key-sets/${unused.id}`)).statusCode).toBe(204);
    expect(problem(await test.publisher.get(`/v1/key-sets/${unused.id}`))).toEqual([404, "not_found"]);
    await makeProtected(titleId, left, "of a title that goes");
    expect(await countKeys(titleId)).toBe(2);
    expect((await test.publisher.delete(`/v1/titles/${titleId}`)).statusCode).toBe(204);
    await test.platform.deliverEvents();
    expect(await countKeys(titleId)).toBe(0);
  });
});

describe("a package that says how it is encrypted", () => {
  it("keeps it, and its title plays it so", async () => {
    const titleId = await test.makeTitle();
    const set = await makeSet(titleId);
    const { id } = await makeProtected(titleId, set, "protected");
    const { protection } = protectedBy(set);
    expect(json<Schemas["Package"]>(await test.publisher.get(`/v1/packages/${id}`)).protection).toEqual(
      protection,
    );
    await test.publisher.post(`/v1/packages/${id}/activate`);
    const { units } = test.platform.kernel;
    const current = await test.media.currentPackage(units.read(), titleId);
    expect(current).toMatchObject({ protection });
    const { keys } =
      (await test.media.packageKeys(units.read(), { titleId, digest: current?.digest ?? "" })) ?? {};
    const told = (await exported(set.id)).keys.map(({ key }) => key);
    expect(keys?.map(({ key }) => key.toString("hex"))).toEqual(told);
  });

  it("is refused when nobody could open it", async () => {
    const titleId = await test.makeTitle();
    const set = await makeSet(titleId);
    const foreign = await makeSet(await test.makeTitle());
    const { protection } = protectedBy(set);
    const [sd, audio] = set.keys;
    const wrong: [Partial<Schemas["Protection"]>, RegExp][] = [
      [{ key_set_id: foreign.id }, /no key set/],
      [{ scheme: "cbcs" }, /made for cenc/],
      [{ keys: foreign.keys }, /no key/],
      [
        { keys: set.keys.map(({ key_id }, index) => ({ key_id, tier: index === 0 ? "audio" : "sd" })) },
        /no key/,
      ],
      [{ keys: audio ? [audio] : [] }, /no key for video-240p/],
      [{ key_systems: ["com.widevine.alpha"] }, /come together/],
      [{ key_set_id: "kst_00000000000000000000000000", keys: sd ? [sd] : [] }, /no key set/],
    ];
    for (const [changes, detail] of wrong) {
      const body = newPackage(smallFiles("refused"), { protection: { ...protection, ...changes } });
      const answer = await test.publisher.post(`/v1/titles/${titleId}/packages`, { body });
      expect(problem(answer), answer.body).toEqual([422, "package_protection_not_valid"]);
      expect(answer.json().detail).toMatch(detail);
    }
    const withoutSet = { ...protection, key_systems: ["org.w3.clearkey"], key_set_id: undefined };
    const body = { ...newPackage(smallFiles("refused")), protection: withoutSet };
    const answer = await test.publisher.post(`/v1/titles/${titleId}/packages`, { body });
    expect(problem(answer)).toEqual([422, "package_protection_not_valid"]);
  });
});

describe("the platform's secret", () => {
  it("can be replaced: keys are sealed anew, and then the old one opens nothing and is not needed", async () => {
    const { kernel } = test.platform;
    const titleId = await test.makeTitle();
    const set = await makeSet(titleId);
    const { digest } = await makeProtected(titleId, set, "of the old secret");
    const told = (await exported(set.id)).keys.map(({ key }) => key);
    const secret = randomBytes(32);
    const openWith = async (secrets: Pick<Kernel, "secret" | "previousSecret">) => {
      const media = createMedia({ ...kernel, ...secrets }, { catalog: test.catalog });
      const { keys } = (await media.packageKeys(kernel.units.read(), { titleId, digest })) ?? {};
      return { media, keys: keys?.map(({ key }) => key.toString("hex")) };
    };
    await expect(openWith({ secret, previousSecret: undefined })).rejects.toMatchObject({
      code: "secret_not_valid",
    });
    const during = await openWith({ secret, previousSecret: kernel.secret });
    expect(during.keys).toEqual(told);
    const reseal = during.media.module.jobs?.find(({ name }) => name === "media.reseal-keys");
    await reseal?.run({ signal: new AbortController().signal, units: kernel.units });
    expect((await openWith({ secret, previousSecret: undefined })).keys).toEqual(told);
    await expect(openWith({ secret: kernel.secret, previousSecret: undefined })).rejects.toMatchObject({
      code: "secret_not_valid",
    });
  });

  it("seals each key for itself: a row that is put in place of another opens nothing", async () => {
    const titleId = await test.makeTitle();
    const [{ id }] = [await makeSet(titleId)];
    const { root } = test.platform.kernel.database("media");
    await sql`update media.content_keys k set sealed_key = o.sealed_key from media.content_keys o
      where k.key_set_id = ${id} and o.key_set_id = ${id} and k.tier = 'sd' and o.tier = 'audio'`.execute(
      root,
    );
    expect((await test.publisher.post(`/v1/key-sets/${id}/export`)).statusCode).toBe(500);
  });
});
