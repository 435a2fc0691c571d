import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it, onTestFinished, test, vi } from "vitest";
import { s3 } from "../../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import type { S3Location } from "./location.ts";
import type { Grant } from "./objects.ts";
import { openObjects } from "./open-objects.ts";
import { readObject } from "./read-object.ts";
import { createClient } from "./s3/client.ts";
import { describeObjects } from "./testing/objects-suite.ts";
import { startS3Proxy } from "./testing/s3-proxy.ts";
import { giveKeys, useStore } from "./testing/s3-store.ts";

const mebibyte = 1024 * 1024;
const options = { contentType: "video/mp4" };

describeWith(s3, "S3", (access) => {
  const location = useStore(access);
  afterEach(() => giveKeys(access));

  describeObjects("objects in S3", { many: 1_001, open: () => openObjects(location) });

  it("waits and tries again when the store is busy", async () => {
    const { endpoint, requests } = await startS3Proxy(access.endpoint, ({ method }, time) =>
      method === "PUT" && time <= 2
        ? { status: 503, body: "<Error><Code>SlowDown</Code></Error>" }
        : undefined,
    );
    const objects = await openObjects({ ...location, endpoint });
    expect(requests.filter((request) => request.startsWith("PUT"))).toHaveLength(3);
    await objects.check();
  });

  it("writes where nothing has the name, and leaves what has it", async () => {
    const { endpoint, requests } = await startS3Proxy(access.endpoint, () => undefined);
    const objects = await openObjects({ ...location, endpoint });
    const putTwice = async (key: string, bytes: Buffer) => {
      const first = requests.length;
      await objects.put(key, bytes, options);
      await objects.put(key, bytes, options);
      return requests.slice(first).map((request) => request.split(" ", 1)[0]);
    };
    expect(await putTwice("once/small", Buffer.from("x"))).toEqual(["PUT", "PUT", "HEAD"]);
    expect(await putTwice("once/large", Buffer.alloc(mebibyte))).toEqual(["HEAD", "PUT", "HEAD"]);
  });

  it("reads on where a connection broke", async () => {
    const bytes = randomBytes(3 * mebibyte);
    const cuts = [0, 1, 900_000, 1_000_000, 500];
    const { endpoint, requests } = await startS3Proxy(access.endpoint, ({ method, url = "" }) => {
      if (method !== "GET" || !url.includes("breaks")) return undefined;
      const cutAfterBytes = cuts.shift();
      return cutAfterBytes === undefined ? undefined : { cutAfterBytes };
    });
    const objects = await openObjects({ ...location, endpoint });
    await objects.put("breaks/x", bytes, options);
    expect((await readObject(objects, "breaks/x"))?.equals(bytes)).toBe(true);
    expect(
      requests.filter((request) => request.startsWith("GET") && request.includes("breaks")),
    ).toHaveLength(6);
  });

  it("gives the connection back when a reader goes", async () => {
    const { endpoint, open } = await startS3Proxy(access.endpoint, () => undefined);
    const objects = await openObjects({ ...location, endpoint });
    await objects.put("left/x", randomBytes(20 * mebibyte), options);
    for (const begun of [true, false]) {
      const opened = await objects.open("left/x");
      if (opened?.state !== "open") throw new Error("It is not there");
      if (begun) await once(opened.body, "readable");
      await vi.waitFor(() => expect(open()).toBe(1));
      opened.body.destroy();
      await vi.waitFor(() => expect(open()).toBe(0));
    }
  });

  it("holds four parts of a large object in memory, whatever the store does", async () => {
    let release = () => {};
    const wait = new Promise<void>((resolve) => (release = resolve));
    const { endpoint, requests } = await startS3Proxy(access.endpoint, ({ url = "" }) =>
      url.includes("partNumber") ? { wait } : undefined,
    );
    const objects = await openObjects({ ...location, endpoint });
    let pulled = 0;
    const body = Readable.from(
      (async function* () {
        for (; pulled < 60; pulled += 1) yield Buffer.alloc(mebibyte);
      })(),
    );
    const putting = objects.put("large/x", body, options);
    await vi.waitFor(() => expect(requests.filter((url) => url.includes("partNumber"))).toHaveLength(4));
    expect(pulled).toBeLessThanOrEqual(4 * 8 + 16);
    release();
    expect(await putting).toMatchObject({ sizeBytes: 60 * mebibyte });
  });

  describe("a grant", () => {
    const facts = (bytes: Buffer) => ({
      sizeBytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    const granted = async (key: string, bytes: Buffer, { seconds = 900, at = location } = {}) => {
      const objects = await openObjects(at);
      const grant = await objects.grantPut(key, { ...facts(bytes), ...options, seconds });
      if (!grant) throw new Error("Nothing was granted");
      const put = async (body: Buffer<ArrayBuffer>, headers: Record<string, string> = {}) => {
        const answer = await fetch(grant.url, {
          method: "PUT",
          headers: { ...grant.headers, ...headers },
          body,
        });
        await answer.arrayBuffer();
        return answer.status;
      };
      return { objects, grant, put, found: () => objects.verify(key, facts(bytes)) };
    };

    it.each([1, 60_000, 200_000])("writes %i bytes, twice, without a key", async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes);
      const { put, found } = await granted(`granted/${sizeBytes}`, bytes);
      expect(await found()).toBe("none");
      expect(await put(bytes)).toBe(200);
      expect(await found()).toBe("same");
      expect(await put(bytes)).toBe(sizeBytes <= 65_536 ? 412 : 200);
      expect(await found()).toBe("same");
    });

    it("is for its bytes, length, type and time only: the store itself refuses all else", async () => {
      const bytes = randomBytes(1_000);
      const { put, found } = await granted("granted/only", bytes);
      const other = randomBytes(1_000);
      const digest = createHash("sha256").update(other).digest("base64");
      expect(await put(other)).toBe(400);
      expect(await put(other, { "x-amz-checksum-sha256": digest })).toBe(403);
      expect(await put(Buffer.concat([bytes, bytes]))).toBe(403);
      expect(await put(bytes.subarray(1))).toBe(403);
      expect(await put(bytes, { "content-type": "text/html" })).toBe(403);
      expect(await put(bytes, { "x-amz-acl": "public-read" })).toBe(403);
      expect(await found()).toBe("none");
      const late = await granted("granted/late", bytes, { seconds: 1 });
      await vi.waitFor(async () => expect(await late.put(other)).toBe(403), {
        timeout: 5_000,
        interval: 250,
      });
      expect(await late.put(bytes)).toBe(403);
      expect(await late.found()).toBe("none");
    });

    it("is signed for the endpoint that clients reach", async () => {
      const { endpoint: publicEndpoint, requests } = await startS3Proxy(access.endpoint, () => undefined);
      const bytes = randomBytes(10);
      const { grant, put, found } = await granted("granted/outside", bytes, {
        at: { ...location, publicEndpoint },
      });
      expect(grant.url.startsWith(`${publicEndpoint}/`)).toBe(true);
      expect(requests).toEqual([]);
      expect(await put(bytes)).toBe(200);
      expect([requests.length, await found()]).toEqual([1, "same"]);
    });

    it("is not given for a store that takes other bytes, or does not answer", async () => {
      const trial = { answer: 200 };
      const { endpoint } = await startS3Proxy(access.endpoint, ({ method, url = "" }) =>
        method === "PUT" && url.includes("X-Amz-Signature") ? { status: trial.answer } : undefined,
      );
      const objects = await openObjects({ ...location, endpoint });
      const grant = () =>
        objects.grantPut("granted/not", { ...facts(Buffer.from("x")), ...options, seconds: 60 });
      trial.answer = 503;
      await expect(grant()).rejects.toMatchObject({ code: "unavailable" });
      trial.answer = 200;
      expect(await grant()).toBeUndefined();
    });
  });

  describe("objects of granted parts", () => {
    const seconds = 900;
    const factsOf = (bytes: Buffer, number: number) => ({
      number,
      sizeBytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    const open = async (key: string, at = location) => {
      const objects = await openObjects(at);
      const { multiparts } = objects;
      const id = await multiparts?.begin(key, { contentType: "video/mp4", partCount: 2 });
      if (!multiparts || id === undefined) throw new Error("Nothing was begun");
      return { objects, multiparts, object: { key, id } };
    };
    const put = async (
      { url, headers }: Grant,
      body: Buffer<ArrayBuffer>,
      others: Record<string, string> = {},
    ) => {
      const answer = await fetch(url, { method: "PUT", headers: { ...headers, ...others }, body });
      await answer.arrayBuffer();
      return answer.status;
    };
    const large = randomBytes(5 * mebibyte);
    const small = randomBytes(1_000);

    it("are made of what the store has checked, by whoever it came", async () => {
      const { objects, multiparts, object } = await open("parts/made");
      const facts = [factsOf(large, 1), factsOf(small, 2)] as const;
      expect(await put(await multiparts.grant(object, facts[0], seconds), large)).toBe(200);
      expect(await multiparts.make(object, facts)).toEqual({ lost: [2] });
      expect(await multiparts.put(object, 2, large)).toBe(true);
      expect(await multiparts.make(object, facts)).toEqual({ lost: [2] });
      expect(await multiparts.put(object, 2, small)).toBe(true);
      const kept = await multiparts.list(object, { from: 2, to: 2 });
      expect([...(kept ?? [])]).toMatchObject([[2, { sizeBytes: 1_000, sha256: facts[1].sha256 }]]);
      expect(await objects.head("parts/made")).toBeUndefined();
      expect(await multiparts.make(object, facts)).toBe("made");
      expect((await readObject(objects, "parts/made"))?.equals(Buffer.concat([large, small]))).toBe(true);
      expect(await multiparts.make(object, facts)).toBe("gone");
      expect(await multiparts.put(object, 2, small)).toBe(false);
      expect(await multiparts.list(object, { from: 1, to: 2 })).toBeUndefined();
      await multiparts.giveUp(object);
    });

    it("take no other bytes, length, number or upload than granted", async () => {
      const { multiparts, object } = await open("parts/refused");
      const grant = await multiparts.grant(object, factsOf(small, 1), seconds);
      const other = randomBytes(1_000);
      const digest = createHash("sha256").update(other).digest("base64");
      expect(await put(grant, other)).toBe(400);
      expect(await put(grant, other, { "x-amz-checksum-sha256": digest })).toBe(403);
      expect(await put(grant, small.subarray(1))).toBe(403);
      const elsewhere = { ...grant, url: grant.url.replace("partNumber=1", "partNumber=2") };
      expect(await put(elsewhere, small)).toBe(403);
      expect((await multiparts.list(object, { from: 1, to: 2 }))?.size).toBe(0);
      await multiparts.giveUp(object);
      expect(await put(grant, small)).toBe(404);
    });

    it("outlive a sweep while they are said to be open", async () => {
      const { objects, multiparts, object } = await open("parts/swept");
      const later = new Date(Date.now() + 60_000);
      await objects.sweep(later, new Set([object.id]));
      expect((await multiparts.list(object, { from: 1, to: 1 }))?.size).toBe(0);
      await objects.sweep(later);
      expect(await multiparts.list(object, { from: 1, to: 1 })).toBeUndefined();
    });

    it("are not begun in a store that takes other bytes, does not tell what it checked, or takes fewer parts", async () => {
      const faults: Record<string, { status: number; body?: string }> = {
        "X-Amz-Signature": { status: 200 },
        "x-id=ListParts": { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" },
        "uploads=": { status: 501, body: "<Error><Code>NotImplemented</Code></Error>" },
      };
      for (const [what, fault] of Object.entries(faults)) {
        const { endpoint } = await startS3Proxy(access.endpoint, ({ url = "" }) =>
          url.includes(what) ? fault : undefined,
        );
        const { multiparts } = await openObjects({ ...location, endpoint });
        const id = await multiparts?.begin("parts/not", { contentType: "video/mp4", partCount: 2 });
        expect(id, what).toBeUndefined();
      }
      const { multiparts } = await openObjects(location);
      const many = { contentType: "video/mp4", partCount: 10_001 };
      expect(await multiparts?.begin("parts/not", many)).toBeUndefined();
    });
  });

  it("gives up the uploads that died, and no others", async () => {
    const client = createClient(location);
    const place = { Bucket: location.bucket, Key: `${location.prefix}/dead` };
    const uploads = async () => {
      const { Bucket, Key: Prefix } = place;
      return (await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }))).Uploads?.length ?? 0;
    };
    await client.send(new CreateMultipartUploadCommand(place));
    const objects = await openObjects(location);
    await objects.sweep(new Date(Date.now() - 60_000));
    expect(await uploads()).toBe(1);
    await objects.sweep(new Date(Date.now() + 60_000));
    expect(await uploads()).toBe(0);
  });

  const wrong: [
    string,
    string,
    (right: S3Location) => Partial<S3Location>,
    { accessKeyId: string; secretAccessKey: string }?,
  ][] = [
    ["a bucket that is not there", "objects_bucket_not_found", () => ({ bucket: "nobodys-bucket" })],
    ["a wrong secret", "objects_keys_refused", () => ({}), { ...access, secretAccessKey: "wrong" }],
    ["an unknown key", "objects_keys_refused", () => ({}), { ...access, accessKeyId: "nobody" }],
    ["no keys", "objects_keys_missing", () => ({}), { accessKeyId: "", secretAccessKey: "" }],
    ["another region", "objects_region_differs", () => ({ region: "eu-west-9" })],
  ];
  it.each(wrong)("tells %s", async (_what, code, change, keys) => {
    if (keys) giveKeys(keys);
    await expect(openObjects({ ...location, ...change(location) })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^FLIX_OBJECTS=s3:\/\/[\w-]+\/test-.+: .+\. [A-Z].+\.$/),
    });
  });

  it("says unavailable when the store is gone, and no space when it is full", async () => {
    const faults = [
      { status: 503, body: "" },
      { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" },
      { status: 507, body: "<Error><Code>XMinioStorageFull</Code></Error>" },
    ];
    for (const fault of faults) {
      const broken = { on: false };
      const { endpoint } = await startS3Proxy(access.endpoint, () => (broken.on ? fault : undefined));
      const objects = await openObjects({ ...location, endpoint });
      broken.on = true;
      const code = fault.status === 507 ? "no_space" : "unavailable";
      await expect(objects.put("gone/x", Buffer.from("x"), options)).rejects.toMatchObject({ code });
      await expect(objects.check()).rejects.toThrow(/FLIX_OBJECTS|HeadBucket|no space/);
    }
  });
});

const elsewhere: S3Location = {
  kind: "s3",
  bucket: "media",
  prefix: "",
  endpoint: "http://127.0.0.1:1",
  publicEndpoint: undefined,
  region: undefined,
  pathStyle: true,
};

test("an endpoint that nobody answers at is told", async () => {
  giveKeys({ accessKeyId: "x", secretAccessKey: "x" });
  for (const endpoint of ["http://127.0.0.1:1", "https://no-such-host.invalid"]) {
    await expect(openObjects({ ...elsewhere, endpoint })).rejects.toMatchObject({
      code: "objects_unreachable",
    });
  }
});

test.each([
  [200, "<html>Hello</html>"],
  [404, "<html>not found"],
  [405, '{"error":"no"}'],
])("a web server that is no store is told: %i", async (status, body) => {
  giveKeys({ accessKeyId: "x", secretAccessKey: "x" });
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status).end(body);
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await expect(openObjects({ ...elsewhere, endpoint })).rejects.toMatchObject({ code: "objects_not_s3" });
});
