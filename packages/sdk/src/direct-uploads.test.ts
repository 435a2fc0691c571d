import { expect, test } from "vitest";
import { createSkippingClock } from "../testing/clocks.ts";
import { startBucket, startUploadServer, type Bucket, type UploadServer } from "../testing/upload-server.ts";
import { createClient } from "./client.ts";
import { sha256, toHex } from "./digest.ts";
import { FlixError } from "./errors.ts";
import { uploadPackageFiles, type UploadOptions } from "./upload.ts";
import type { PackageSource } from "./upload-part.ts";

const files: Record<string, number> = { a: 10, b: 4, c: 1, d: 9, e: 8 };
const allParts = ["a#1", "a#2", "a#3", "b#1", "c#1", "d#1", "d#2", "d#3", "e#1", "e#2"];

function contentOf(path: string, size = files[path] ?? 0): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(path.padEnd(size, "123456789").slice(-size));
}

const source: PackageSource = { read: async (path, start, end) => contentOf(path).slice(start, end) };

/** A platform whose store grants parts, with the clock that its client waits by. */
async function startDirect(): Promise<{
  server: UploadServer;
  bucket: Bucket;
  sleeps: number[];
  send: Send;
}> {
  const server = await startUploadServer(files, contentOf);
  const bucket = await startBucket();
  server.bucket = bucket;
  const clock = createSkippingClock(0.5);
  const send: Send = (options, from = source) => {
    const client = createClient({ server: server.url, token: "a secret", clock });
    return uploadPackageFiles(client, "pkg_1", from, options);
  };
  return { server, bucket, sleeps: clock.sleeps, send };
}
type Send = (options?: UploadOptions, from?: PackageSource) => ReturnType<typeof uploadPackageFiles>;

function puts({ requests }: { requests: { method: string }[] }): number {
  return requests.filter(({ method }) => method === "PUT").length;
}

test("parts go straight to the store, without the token, and are confirmed", async () => {
  const { server, bucket, send } = await startDirect();
  const steps: number[] = [];
  const summary = await send({ onProgress: ({ sentBytes }) => void steps.push(sentBytes) });
  expect(summary).toEqual({ files: 5, sentBytes: 32, directBytes: 32 });
  expect([...bucket.objects.keys()].toSorted()).toEqual(allParts);
  expect(
    Buffer.concat(["a#1", "a#2", "a#3"].map((name) => bucket.objects.get(name) ?? Buffer.alloc(0))),
  ).toEqual(Buffer.from(contentOf("a")));
  expect(server.confirmed.flat().toSorted()).toEqual(allParts);
  expect([puts(server), puts(bucket)]).toEqual([0, 10]);
  for (const { headers } of bucket.requests) {
    expect(headers.authorization).toBeUndefined();
    expect(headers["content-type"]).toBe("video/mp4");
  }
  expect([steps.length, steps.at(-1)]).toEqual([10, 32]);
  // One question, whether any are granted, and then all of them at once.
  expect(server.granted.map((parts) => parts.length)).toEqual([1, 10]);
});

test("no more parts are read than may be in flight", async () => {
  const small = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`segment-${index + 10}`, 4]));
  const server = await startUploadServer(small, (path) => contentOf(path, 4));
  server.bucket = await startBucket();
  const client = createClient({ server: server.url, clock: createSkippingClock() });
  let [held, mostHeld] = [0, 0];
  const counted: PackageSource = {
    read: async (path, start, end) => {
      held += 1;
      mostHeld = Math.max(mostHeld, held);
      return contentOf(path, 4).slice(start, end);
    },
  };
  const onProgress = () => void (held -= 1);
  const summary = await uploadPackageFiles(client, "pkg_1", counted, { concurrency: 3, onProgress });
  expect([summary.directBytes, mostHeld]).toEqual([48, 3]);
});

test("a source that streams sends parts itself, as many as may be in flight, and none is read whole", async () => {
  const { server, bucket, send } = await startDirect();
  let [running, most] = [0, 0];
  const streaming: PackageSource = {
    read: () => Promise.reject(new Error("It was read whole")),
    stream: {
      digest: async (path, start, end) => toHex(await sha256(contentOf(path).slice(start, end))),
      async put(path, start, end, { url, headers, signal }) {
        running += 1;
        most = Math.max(most, running);
        const body = contentOf(path).slice(start, end);
        const answer = await fetch(url, { method: "PUT", headers, body, signal });
        running -= 1;
        return { status: answer.status, text: await answer.text() };
      },
    },
  };
  const waiting = Promise.withResolvers<boolean>();
  bucket.intercept = () => {
    if (running === 3) waiting.resolve(false);
    return waiting.promise;
  };
  const summary = await send({ concurrency: 3 }, streaming);
  expect(summary).toEqual({ files: 5, sentBytes: 32, directBytes: 32 });
  expect([most, puts(server), server.confirmed.flat().toSorted()]).toEqual([3, 0, allParts]);
});

test("a file that its source finds changed stops the upload, and is no fault of the store", async () => {
  const { server, send } = await startDirect();
  const changed = new FlixError("file_changed", "A file changed since the package was begun");
  const streaming: PackageSource = {
    ...source,
    stream: {
      digest: async (path, start, end) => toHex(await sha256(contentOf(path).slice(start, end))),
      put: () => Promise.reject(changed),
    },
  };
  await expect(send({}, streaming)).rejects.toBe(changed);
  expect(puts(server)).toBe(0);
});

test("manifests go when all media are confirmed, and the report when all manifests are", async () => {
  const named: Record<string, number> = { "a.mpd": 4, "package.json": 3, "video/1.m4s": 4, "video/2.m4s": 3 };
  const bytes = (path: string) => contentOf(path, named[path]);
  const server = await startUploadServer(named, bytes);
  const bucket = await startBucket();
  server.bucket = bucket;
  const before: Record<string, string[]> = {};
  bucket.intercept = (part) => {
    before[part] = server.confirmed.flat().toSorted();
    return false;
  };
  const client = createClient({ server: server.url, clock: createSkippingClock() });
  await uploadPackageFiles(client, "pkg_1", { read: async (path, from, to) => bytes(path).slice(from, to) });
  const media = ["video/1.m4s#1", "video/2.m4s#1"];
  expect(before["a.mpd#1"]).toEqual(media);
  expect(before["package.json#1"]).toEqual(["a.mpd#1", ...media]);
});

test("what was confirmed is not sent again after an interruption", async () => {
  const size = 4 * 130;
  const bytes = contentOf("film", size);
  const server = await startUploadServer({ film: size }, () => bytes);
  const bucket = await startBucket();
  server.bucket = bucket;
  const client = createClient({ server: server.url, clock: createSkippingClock() });
  const film: PackageSource = { read: async (_, start, end) => bytes.slice(start, end) };
  const stop = new AbortController();
  bucket.intercept = (part) => {
    if (part === "film#120") stop.abort();
    return part === "film#120";
  };
  const first = uploadPackageFiles(client, "pkg_1", film, { concurrency: 1, signal: stop.signal });
  await expect(first).rejects.toMatchObject({ code: "aborted" });
  expect(server.confirmed.flat()).toHaveLength(100);
  bucket.intercept = () => false;
  const sent = puts(bucket);
  expect(await uploadPackageFiles(client, "pkg_1", film)).toMatchObject({ sentBytes: 120, directBytes: 120 });
  expect([puts(bucket) - sent, puts(server)]).toEqual([30, 0]);
});

test("a store that is busy is waited for, with jitter", async () => {
  const { server, bucket, sleeps, send } = await startDirect();
  const answers = [503, 500, 429, 409];
  bucket.intercept = (part, response) => {
    const status = part === "d#3" ? answers.shift() : undefined;
    if (status !== undefined) response.writeHead(status).end();
    return status !== undefined;
  };
  expect(await send({ concurrency: 1 })).toEqual({ files: 5, sentBytes: 32, directBytes: 32 });
  expect(sleeps).toEqual([150, 300, 600, 1_200]);
  expect(puts(server)).toBe(0);
});

test("a part that is there already is not an error", async () => {
  const { bucket, send } = await startDirect();
  bucket.intercept = (part, response) => {
    if (part !== "b#1") return false;
    bucket.objects.set(part, Buffer.from(contentOf("b")));
    response.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
    return true;
  };
  expect(await send()).toEqual({ files: 5, sentBytes: 32, directBytes: 32 });
});

test("a grant that is over is asked for anew, once", async () => {
  const { server, bucket, send } = await startDirect();
  let refused = 0;
  bucket.intercept = (part, response) => {
    if (part !== "d#2" || refused > 0) return false;
    refused += 1;
    response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
    return true;
  };
  expect(await send()).toEqual({ files: 5, sentBytes: 32, directBytes: 32 });
  expect(server.granted.filter((parts) => parts.includes("d#2"))).toHaveLength(2);
});

test("one that is over before it is used is not even tried", async () => {
  const { server, bucket, send } = await startDirect();
  let asked = 0;
  bucket.grantedUntil = () => new Date((asked += 1) <= 11 ? 0 : "9999-01-01");
  expect(await send()).toEqual({ files: 5, sentBytes: 32, directBytes: 32 });
  expect([puts(bucket), server.granted.flat().length]).toEqual([10, 21]);
});

test("so is one of a store that hangs up instead of saying that it is over", async () => {
  const { bucket, send } = await startDirect();
  bucket.grantedUntil = () => new Date(0);
  bucket.intercept = (_, response) => {
    const late = bucket.grantedUntil().getTime() === 0;
    if (late) response.destroy();
    bucket.grantedUntil = () => new Date("9999-01-01");
    return late;
  };
  expect(await send({ concurrency: 1 })).toEqual({ files: 5, sentBytes: 32, directBytes: 32 });
});

test("a store that cannot be reached from here is given up once, and all goes through the platform", async () => {
  const { server, bucket, sleeps, send } = await startDirect();
  await bucket.close();
  const summary = await send({ concurrency: 1 });
  expect(summary).toMatchObject({
    files: 5,
    sentBytes: 32,
    directBytes: 0,
    fault: { code: "network_error" },
  });
  expect(server.received.toSorted()).toEqual(allParts);
  expect(server.granted).toHaveLength(2);
  expect(sleeps).toHaveLength(2);
  expect(server.confirmed).toEqual([]);
});

test("so is one that takes none of what was granted; the reason does not tell the address", async () => {
  const { server, bucket, send } = await startDirect();
  bucket.intercept = (part, response) => {
    if (!/^[de]/.test(part)) return false;
    response.writeHead(501).end("<Error><Code>NotImplemented</Code></Error>");
    return true;
  };
  const { directBytes, fault } = await send({ concurrency: 1 });
  expect([directBytes, server.received]).toEqual([15, ["d#1", "d#2", "d#3", "e#1", "e#2"]]);
  expect(fault).toMatchObject({ code: "unexpected_response", status: 501 });
  expect(fault?.detail).toBe(`${new URL(bucket.url).host} answered 501 NotImplemented`);
  expect(JSON.stringify([fault, fault?.message, fault?.cause])).not.toContain("signature");
});

test("a file that changed is left to the platform's judgement", async () => {
  const { server, bucket, send } = await startDirect();
  bucket.intercept = (part, response) => {
    if (part === "e#1") response.writeHead(400).end("<Error><Code>BadDigest</Code></Error>");
    return part === "e#1";
  };
  expect(await send({ concurrency: 1 })).toMatchObject({ directBytes: 24, fault: { status: 400 } });
  expect(server.received).toEqual(["e#1", "e#2"]);
  expect(bucket.requests.filter(({ path }) => path.startsWith("/e%231"))).toHaveLength(2);
});

test("parts that the platform does not find there go through it", async () => {
  const { server, bucket, send } = await startDirect();
  bucket.intercept = (part) => {
    if (part === "e#2") bucket.objects.delete("a#2");
    return false;
  };
  expect(await send({ concurrency: 1 })).toEqual({ files: 5, sentBytes: 32, directBytes: 28 });
  expect(server.received).toEqual(["a#2"]);
});

test("a platform that has never heard of it gets the parts as before", async () => {
  const { server, send } = await startDirect();
  server.bucket = "unknown";
  expect(await send()).toEqual({ files: 5, sentBytes: 32, directBytes: 0 });
  expect(server.received.toSorted()).toEqual(allParts);
});
