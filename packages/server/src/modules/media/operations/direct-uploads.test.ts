import { randomBytes } from "node:crypto";
import type { components } from "@flix/openapi";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { s3 } from "../../../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../../../tools/engines/testing.ts";
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
