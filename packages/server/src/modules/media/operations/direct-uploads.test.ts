import { randomBytes } from "node:crypto";
import type { components } from "@flix/openapi";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { s3 } from "../../../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../../../tools/engines/testing.ts";
import { startS3Proxy } from "../../../engines/objects/testing/s3-proxy.ts";
import { storeUrl, useStore } from "../../../engines/objects/testing/s3-store.ts";
import { operator } from "../../../../testing/index.ts";
import { packagePrefix, packageStaging, partKey } from "../package-paths.ts";
import {
  json,
  partBytes,
  partOf,
  problem,
  sha256,
  smallFiles,
  startTestMedia,
  type Files,
  type TestMedia,
} from "../testing/media.ts";

type Schemas = components["schemas"];
type Part = Schemas["UploadPart"];
type Grant = Schemas["UploadGrant"];

/** A package, all its parts as a client names them, and the bytes of each. */
async function beginParts(test: TestMedia, files: Files) {
  const titleId = await test.makeTitle();
  const made = await test.begin(titleId, files);
  const uploads = await test.uploadsOf(made.id);
  const parts: Part[] = [];
  const bytes = new Map<string, Buffer<ArrayBuffer>>();
  for (const { id, path, part_count } of uploads) {
    for (let number = 1; number <= part_count; number += 1) {
      const part = Buffer.from(partOf(files[path] ?? Buffer.alloc(0), number));
      parts.push({ upload_id: id, part_number: number, sha256: sha256(part) });
      bytes.set(`${id}#${number}`, part);
    }
  }
  const url = `/v1/packages/${made.id}`;
  const ask = (named = parts, query = "") =>
    test.publisher.post(`${url}/upload-grants${query}`, { body: { parts: named } });
  const say = (named = parts, query = "") =>
    test.publisher.post(`${url}/uploaded-parts${query}`, { body: { parts: named } });
  return {
    titleId,
    made,
    uploads,
    parts,
    bytesOf: ({ upload_id, part_number }: Pick<Part, "upload_id" | "part_number">) =>
      bytes.get(`${upload_id}#${part_number}`) ?? Buffer.alloc(0),
    uploadOf: (path: string) => uploads.find((upload) => upload.path === path)?.id ?? "",
    ask,
    say,
    grants: async (named = parts) => json<Schemas["UploadGrants"]>(await ask(named)).grants,
    missing: async (named = parts, query = "") =>
      json<Schemas["MissingParts"]>(await say(named, query)).missing,
    pending: async () => (await test.uploadsOf(made.id, "&state=pending")).map(({ path }) => path),
  };
}

async function bring({ url, headers }: Grant, body: Buffer<ArrayBuffer>): Promise<number> {
  const answer = await fetch(url, { method: "PUT", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

const film = "video.mp4";

describeWith(s3, "parts that go straight to the bucket", (access) => {
  const location = useStore(access);
  let test: TestMedia;
  beforeAll(async () => {
    // Grants are signed by the time of the machine, and told by the platform's.
    test = await startTestMedia({ FLIX_OBJECTS: storeUrl(location) });
  });
  afterAll(() => test.platform.close());

  /** Once what is still read was read. */
  const completed = (packageId: string) =>
    vi.waitFor(async () => json(await test.publisher.post(`/v1/packages/${packageId}/complete`)), {
      timeout: 5_000,
    });

  it("make the package whole without passing the server", async () => {
    const large = randomBytes(2 * partBytes + 1_000);
    const files = { ...smallFiles("straight"), [film]: large };
    const { titleId, made, parts, bytesOf, grants, missing, pending } = await beginParts(test, files);
    const put = vi.spyOn(test.objects, "put");
    const granted = await grants();
    expect(granted.map(({ upload_id, part_number }) => [upload_id, part_number])).toEqual(
      parts.map(({ upload_id, part_number }) => [upload_id, part_number]),
    );
    expect(granted[0]?.expires_at).toBe("2026-11-22T12:15:00.000Z");
    for (const grant of granted) expect(await bring(grant, bytesOf(grant))).toBe(200);
    expect(await pending()).toHaveLength(4);
    expect(await missing(parts, "?validate_only=true")).toEqual([]);
    expect(await pending()).toHaveLength(4);
    expect(await missing()).toEqual([]);
    expect(await missing()).toEqual([]);
    expect(await pending()).toEqual([]);
    expect(put).not.toHaveBeenCalled();
    for (const [path, bytes] of Object.entries(files)) {
      const kept = await test.stored(`titles/${titleId}/${made.digest}/${path}`);
      expect(kept?.equals(bytes), path).toBe(true);
    }
    for await (const { key } of test.objects.list(packageStaging(made.id))) expect(key).toBe("nothing");
    expect(await grants()).toEqual([]);
    await completed(made.id);
  });

  it("that did not come, or not yet, are told and still missing; the server takes them as ever", async () => {
    const large = randomBytes(partBytes + 5);
    const files = { ...smallFiles("missing"), [film]: large };
    const { parts, uploadOf, bytesOf, grants, missing, pending } = await beginParts(test, files);
    const [first] = await grants(parts.filter(({ upload_id }) => upload_id === uploadOf(film)));
    if (!first) throw new Error("Nothing was granted");
    await bring(first, bytesOf(first));
    expect(await missing()).toEqual(
      parts
        .filter(({ upload_id, part_number }) => upload_id !== uploadOf(film) || part_number !== 1)
        .map(({ upload_id, part_number }) => ({ upload_id, part_number, reason: "not_there" })),
    );
    expect(json(await test.publisher.get(`/v1/uploads/${uploadOf(film)}`))).toMatchObject({
      state: "pending",
      received_parts: [1],
    });
    json(await test.send(uploadOf(film), 2, partOf(large, 2)));
    expect(await pending()).not.toContain(film);
  });

  /** A package with a film of several parts, all of them brought to the store as they are in `sent`, and not confirmed. */
  const bringFilm = async (word: string, file: Buffer, sent = file) => {
    const begun = await beginParts(test, { ...smallFiles(word), [film]: file });
    const upload_id = begun.uploadOf(film);
    const parts = begun.parts.map((part) =>
      part.upload_id === upload_id
        ? { ...part, sha256: sha256(Buffer.from(partOf(sent, part.part_number))) }
        : part,
    );
    const bytesOf = (part: Grant) =>
      part.upload_id === upload_id ? Buffer.from(partOf(sent, part.part_number)) : begun.bytesOf(part);
    const granted = await begun.grants(parts);
    for (const grant of granted) expect(await bring(grant, bytesOf(grant))).toBe(200);
    const address = granted.find((grant) => grant.upload_id === upload_id)?.url ?? "";
    const id = new URL(address).searchParams.get("uploadId") ?? "";
    const key = `titles/${begun.titleId}/${begun.made.digest}/${film}`;
    const filmParts = parts.filter((part) => part.upload_id === upload_id);
    return { ...begun, parts, upload_id, filmParts, object: { key, id }, key };
  };
  const complete = (packageId: string) => test.publisher.post(`/v1/packages/${packageId}/complete`);

  it("are refused by the store itself when they are other bytes", async () => {
    const file = randomBytes(partBytes + 5);
    const { parts, uploadOf, grants, missing } = await beginParts(test, {
      ...smallFiles("other bytes"),
      [film]: file,
    });
    const [first] = await grants(parts.filter(({ upload_id }) => upload_id === uploadOf(film)));
    if (!first) throw new Error("Nothing was granted");
    expect(await bring(first, randomBytes(partBytes))).toBe(400);
    const mine = parts.filter(({ upload_id }) => upload_id === first.upload_id);
    expect((await missing(mine)).map(({ reason }) => reason)).toEqual(["not_there", "not_there"]);
    expect(await bring(first, Buffer.from(partOf(file, 1)))).toBe(200);
    const [part] = mine;
    if (!part) throw new Error("The film has no part");
    expect(await missing([{ ...part, sha256: sha256(Buffer.from("x")) }])).toMatchObject([
      { reason: "differs" },
    ]);
    expect(await missing([part, part])).toEqual([]);
  });

  it("that make another file than was announced never become a package, and the right ones are taken then", async () => {
    const file = randomBytes(2 * partBytes);
    const swapped = Buffer.concat([file.subarray(partBytes), file.subarray(0, partBytes)]);
    const { made, key, parts, missing, pending, grants, bytesOf } = await bringFilm("swapped", file, swapped);
    expect(await missing(parts)).toEqual([]);
    await vi.waitFor(async () => expect(await pending()).toEqual([film]), { timeout: 5_000 });
    expect(await test.stored(key)).toBeUndefined();
    expect(problem(await complete(made.id))).toEqual([422, "upload_file_digest_mismatch"]);
    expect(problem(await complete(made.id))).toEqual([409, "package_incomplete"]);
    for (const grant of await grants()) expect(await bring(grant, bytesOf(grant))).toBe(200);
    expect(await missing()).toEqual([]);
    await completed(made.id);
    expect((await test.stored(key))?.equals(file)).toBe(true);
  });

  it("that somebody made a file of before he died are found", async () => {
    const file = randomBytes(partBytes + 5);
    const { made, object, filmParts, parts, missing, pending, grants } = await bringFilm("died", file);
    const [first, second] = filmParts;
    if (!first || !second) throw new Error("The film has not two parts");
    expect(await missing(parts.filter((part) => part !== second))).toEqual([]);
    const facts = filmParts.map(({ part_number: number, sha256: digest }) => ({
      number,
      sha256: digest,
      sizeBytes: partOf(file, number).length,
    }));
    expect(await test.objects.multiparts?.make(object, facts)).toBe("made");
    expect(await pending()).toEqual([film]);
    expect(await grants([second])).toEqual([]);
    expect(await pending()).toEqual([]);
    await completed(made.id);
  });

  it("that the store gave up are asked for again, and the server takes them", async () => {
    const file = randomBytes(partBytes + 5);
    const { made, key, object, upload_id, parts, missing, pending } = await bringFilm("given up", file);
    await test.objects.multiparts?.giveUp(object);
    expect(await missing(parts)).toEqual(
      [1, 2].map((part_number) => ({ upload_id, part_number, reason: "not_there" })),
    );
    expect(await pending()).toEqual([film]);
    for (const number of [1, 2]) json(await test.send(upload_id, number, partOf(file, number)));
    await completed(made.id);
    expect((await test.stored(key))?.equals(file)).toBe(true);
  });

  it("that are given up while the server takes one begin anew with that one", async () => {
    const file = randomBytes(partBytes + 5);
    const { made, object, upload_id, parts, missing, filmParts } = await bringFilm("lost on the way", file);
    expect(await missing(parts.filter((part) => part !== filmParts[1]))).toEqual([]);
    await test.objects.multiparts?.giveUp(object);
    const answer = json<Schemas["Upload"]>(await test.send(upload_id, 2, partOf(file, 2)));
    expect([answer.state, answer.received_parts]).toEqual(["pending", [2]]);
    json(await test.send(upload_id, 1, partOf(file, 1)));
    await completed(made.id);
  });

  it("are kept while the upload may go on, and dropped when nothing came for two days", async () => {
    const file = randomBytes(partBytes + 5);
    const { object, upload_id, filmParts, missing } = await bringFilm("stale", file);
    const kept = async () => (await test.objects.multiparts?.list(object, { from: 1, to: 2 }))?.size;
    expect(await missing(filmParts.slice(0, 1))).toEqual([]);
    // The store's own clock goes on as ever: all that is there began before tomorrow.
    const tomorrow = new Date(Date.now() + 86_400_000);
    await test.objects.sweep(tomorrow, new Set([object.id]));
    expect(await kept()).toBe(2);
    test.platform.clock.advance(49 * 3_600_000);
    await test.platform.runJob("media.drop-stale-parts");
    expect(json(await test.publisher.get(`/v1/uploads/${upload_id}`))).toMatchObject({ received_parts: [] });
    await test.platform.runJob("media.sweep-store");
    await test.objects.sweep(tomorrow);
    expect(await kept()).toBeUndefined();
  });

  it("are cleared away when something else stands under their name", async () => {
    const large = randomBytes(partBytes + 5);
    const { parts, uploads, missing } = await beginParts(test, { ...smallFiles("differs"), [film]: large });
    const upload = uploads.find(({ path }) => path === film);
    const part = parts.find(({ upload_id, part_number }) => upload_id === upload?.id && part_number === 2);
    if (!upload || !part) throw new Error("The film has no second part");
    const key = partKey(upload, 2, part.sha256);
    await test.objects.put(key, Buffer.from("other"), { contentType: "video/mp4" });
    expect(await missing([part], "?validate_only=true")).toMatchObject([{ reason: "differs" }]);
    expect(await test.stored(key)).toBeDefined();
    expect(await missing([part])).toMatchObject([{ reason: "differs" }]);
    expect(await test.stored(key)).toBeUndefined();
  });

  it("are granted to who may write media, of this package, and of the file that it was begun with", async () => {
    const one = await beginParts(test, smallFiles("one"));
    const other = await beginParts(test, smallFiles("other"));
    const [part] = one.parts;
    if (!part) throw new Error("The package has no part");
    for (const call of [one.ask, one.say]) {
      expect(problem(await call(other.parts))).toEqual([404, "not_found"]);
      expect(problem(await call([{ ...part, part_number: 2 }]))).toEqual([404, "upload_part_not_found"]);
      expect(problem(await call([{ ...part, sha256: sha256(Buffer.from("x")) }]))).toEqual([
        422,
        "upload_file_digest_mismatch",
      ]);
      expect(problem(await call([]))).toEqual([400, "invalid_request"]);
    }
    expect(json(await one.ask(one.parts, "?validate_only=true"))).toEqual({ grants: [] });
    for (const path of ["upload-grants", "uploaded-parts"]) {
      const url = `/v1/packages/${one.made.id}/${path}`;
      const answer = await test.platform.as(operator("support")).post(url, { body: { parts: one.parts } });
      expect(answer.statusCode).toBe(403);
      const nowhere = "/v1/packages/pkg_00000000000000000000000000";
      const lost = await test.publisher.post(`${nowhere}/${path}`, { body: { parts: one.parts } });
      expect(problem(lost)).toEqual([404, "not_found"]);
    }
  });

  it("that come when their package is gone do not stay", async () => {
    const { made, bytesOf, grants } = await beginParts(test, smallFiles("late"));
    const [early, late] = await grants();
    if (!early || !late) throw new Error("Nothing was granted");
    const left = async () => {
      const found = [];
      for await (const { key } of test.objects.list(packagePrefix(made))) found.push(key);
      return found.length;
    };
    await bring(early, bytesOf(early));
    expect(await left()).toBe(1);
    expect((await test.publisher.delete(`/v1/packages/${made.id}`)).statusCode).toBe(204);
    await test.platform.runJob("media.delete-objects");
    expect(await left()).toBe(0);
    expect(await bring(late, bytesOf(late))).toBe(200);
    test.platform.clock.advance(19 * 60_000);
    await test.platform.runJob("media.delete-objects");
    expect(await left()).toBe(1);
    test.platform.clock.advance(60_000);
    await test.platform.runJob("media.delete-objects");
    expect(await left()).toBe(0);
  });

  it("are no package, and nobody else's file, before the platform has read the whole", async () => {
    const held = Promise.withResolvers<void>();
    const { endpoint } = await startS3Proxy(access.endpoint, ({ method, url = "" }) =>
      method === "GET" && url.includes(`${film}?x-id=GetObject`) ? { wait: held.promise } : undefined,
    );
    const slow = await startTestMedia({ FLIX_OBJECTS: storeUrl({ ...location, endpoint }) });
    const files = { ...smallFiles("held"), [film]: randomBytes(partBytes + 5) };
    const { made, bytesOf, grants, missing, pending } = await beginParts(slow, files);
    for (const grant of await grants()) expect(await bring(grant, bytesOf(grant))).toBe(200);
    expect([await missing(), await pending()]).toEqual([[], []]);
    const done = () => slow.publisher.post(`/v1/packages/${made.id}/complete`);
    const refused = await done();
    expect(problem(refused)).toEqual([503, "package_unverified"]);
    expect(refused.headers["retry-after"]).toBe("1");
    const twin = await beginParts(slow, files);
    expect(await twin.pending()).toEqual([film]);
    held.resolve();
    await vi.waitFor(async () => json(await done()), { timeout: 5_000 });
    await slow.platform.close();
  });

  it("are not granted where the operator of the platform does not want it", async () => {
    const off = await startTestMedia({ FLIX_OBJECTS: storeUrl(location) }, { directUploads: false });
    const { grants } = await beginParts(off, smallFiles("off"));
    expect(await grants()).toEqual([]);
    await off.platform.close();
  });
});

describe("a directory", () => {
  it("takes no part directly, and has none of those that are said to be there", async () => {
    const test = await startTestMedia({ FLIX_OBJECTS: "" });
    const { parts, grants, missing } = await beginParts(test, smallFiles("directory"));
    expect(await grants()).toEqual([]);
    expect(await missing()).toHaveLength(parts.length);
    await test.platform.close();
  });
});
