import { describe, expect, test } from "vitest";
import { createSkippingClock } from "../testing/clocks.ts";
import { answerProblem } from "../testing/http-server.ts";
import { startUploadServer, type UploadServer } from "../testing/upload-server.ts";
import { createClient } from "./client.ts";
import { uploadPackageFiles, type UploadProgress } from "./upload.ts";
import type { PackageSource } from "./upload-part.ts";

const files = { a: 10, b: 4, c: 1, d: 9, e: 8 };
const allParts = ["a#1", "a#2", "a#3", "b#1", "c#1", "d#1", "d#2", "d#3", "e#1", "e#2"];

function contentOf(path: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${path}123456789`.slice(0, files[path as keyof typeof files]));
}

const source: PackageSource = { read: async (path, start, end) => contentOf(path).slice(start, end) };

function clientOf({ url }: UploadServer) {
  return createClient({ server: url, clock: createSkippingClock() });
}

function storedText({ stored }: UploadServer, path: string): string {
  const parts = [...(stored.get(path) ?? [])].toSorted(([a], [b]) => a - b);
  return Buffer.concat(parts.map(([, bytes]) => bytes)).toString();
}

describe("uploading a package's files", () => {
  test("sends every part once, with its digest, and tells how far it is", async () => {
    const server = await startUploadServer(files);
    const steps: UploadProgress[] = [];
    const onProgress = (step: UploadProgress) => steps.push(step);
    const summary = await uploadPackageFiles(clientOf(server), "pkg_1", source, { onProgress });
    expect(summary).toEqual({ files: 5, sentBytes: 32, directBytes: 0 });
    expect(server.received.toSorted()).toEqual(allParts);
    for (const path of Object.keys(files))
      expect(storedText(server, path)).toBe(Buffer.from(contentOf(path)).toString());
    const sent = steps.map(({ sentBytes }) => sentBytes);
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
    expect([steps.length, steps.at(-1)?.sentBytes, steps[0]?.totalBytes]).toEqual([10, 32, 32]);
  });

  test("has no more parts in flight, nor in memory, than it is told", async () => {
    const server = await startUploadServer(files);
    let reads = 0;
    let acknowledged = 0;
    let mostHeld = 0;
    const counting: PackageSource = {
      read: (path, start, end) => {
        reads += 1;
        mostHeld = Math.max(mostHeld, reads - acknowledged);
        return source.read(path, start, end);
      },
    };
    const onProgress = () => (acknowledged += 1);
    await uploadPackageFiles(clientOf(server), "pkg_1", counting, { concurrency: 3, onProgress });
    expect(server.received).toHaveLength(10);
    expect(server.mostAtOnce).toBeLessThanOrEqual(3);
    expect(mostHeld).toBeLessThanOrEqual(3);
  });

  test("sends manifests after all media, and the report after all manifests, whatever is in flight", async () => {
    const named = { "a.mpd": 5, "master.m3u8": 3, "package.json": 9, "video-234p/1.m4s": 12, z: 12 };
    const server = await startUploadServer(named);
    const bytes: PackageSource = { read: async (_, start, end) => new Uint8Array(end - start) };
    const acknowledged: string[] = [];
    const onProgress = ({ path }: UploadProgress) => acknowledged.push(path);
    await uploadPackageFiles(clientOf(server), "pkg_1", bytes, { concurrency: 8, onProgress });
    const media = ["video-234p/1.m4s", "video-234p/1.m4s", "video-234p/1.m4s", "z", "z", "z"];
    expect(acknowledged.slice(0, 6).toSorted()).toEqual(media);
    expect(acknowledged.slice(6, 9).toSorted()).toEqual(["a.mpd", "a.mpd", "master.m3u8"]);
    expect(acknowledged.slice(9)).toEqual(["package.json", "package.json", "package.json"]);
  });

  test("does nothing for a package that has all its files", async () => {
    const server = await startUploadServer({});
    expect(await uploadPackageFiles(clientOf(server), "pkg_1", source)).toEqual({
      files: 0,
      sentBytes: 0,
      directBytes: 0,
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe("an upload that is interrupted", () => {
  test("is taken up where it was: parts that arrived are not sent twice", async () => {
    const server = await startUploadServer(files);
    server.intercept = (part, response) => {
      if (part !== "d#1") return false;
      answerProblem(response, 507, "no_space");
      return true;
    };
    const first = uploadPackageFiles(clientOf(server), "pkg_1", source, { concurrency: 1 });
    await expect(first).rejects.toMatchObject({ code: "no_space", status: 507 });
    expect(server.received).toEqual(["a#1", "a#2", "a#3", "b#1", "c#1"]);
    server.intercept = () => false;
    const summary = await uploadPackageFiles(clientOf(server), "pkg_1", source, { concurrency: 1 });
    expect(summary).toEqual({ files: 2, sentBytes: 17, directBytes: 0 });
    expect(server.received).toEqual(allParts);
  });

  test("goes on by itself when the server was away for a moment", async () => {
    const server = await startUploadServer(files);
    const seen = new Map<string, number>();
    server.intercept = (part, response) => {
      const count = seen.get(part) ?? 0;
      seen.set(part, count + 1);
      if (count === 0) response.destroy();
      else if (count === 1) answerProblem(response, 503, "unavailable");
      return count < 2;
    };
    await uploadPackageFiles(clientOf(server), "pkg_1", source);
    expect(server.received.toSorted()).toEqual(allParts);
  });

  test("stops the other parts at the first failure, and throws that one", async () => {
    const server = await startUploadServer(files);
    const held = Promise.withResolvers<boolean>();
    server.intercept = (part, response) => {
      if (part !== "a#2") return held.promise;
      answerProblem(response, 404, "upload_part_not_found");
      return true;
    };
    const upload = uploadPackageFiles(clientOf(server), "pkg_1", source, { concurrency: 4 });
    await expect(upload).rejects.toMatchObject({ code: "upload_part_not_found" });
    held.resolve(true);
    expect(server.requests.filter(({ method }) => method === "PUT").length).toBeLessThanOrEqual(4);
  });

  test("stops when the caller says so", async () => {
    const server = await startUploadServer(files);
    const stop = new AbortController();
    server.intercept = (part) => {
      if (part === "b#1") stop.abort();
      return part === "b#1";
    };
    const upload = uploadPackageFiles(clientOf(server), "pkg_1", source, {
      concurrency: 1,
      signal: stop.signal,
    });
    await expect(upload).rejects.toMatchObject({ code: "aborted" });
    expect(server.received).toEqual(["a#1", "a#2", "a#3"]);
  });
});

describe("bytes that are not right", () => {
  test("are sent once more when they were damaged on the way", async () => {
    const server = await startUploadServer(files);
    let damaged = 0;
    server.intercept = (part, response) => {
      if (part !== "b#1" || damaged > 0) return false;
      damaged += 1;
      answerProblem(response, 422, "upload_part_digest_mismatch");
      return true;
    };
    await uploadPackageFiles(clientOf(server), "pkg_1", source);
    expect(server.received.toSorted()).toEqual(allParts);
  });

  test("are not sent when the file has become shorter", async () => {
    const server = await startUploadServer({ a: 10 });
    const shrunk: PackageSource = {
      read: async (_, start, end) => contentOf("a").slice(start, Math.min(end, 9)),
    };
    await expect(
      uploadPackageFiles(clientOf(server), "pkg_1", shrunk, { concurrency: 1 }),
    ).rejects.toMatchObject({
      code: "file_changed",
      detail: "a has 9 bytes, not 10",
    });
  });

  test("leave the upload incomplete when the platform drops them, and it says so", async () => {
    const server = await startUploadServer({ b: 4, c: 1 });
    server.intercept = (part) => {
      if (part === "c#1") server.stored.get("b")?.clear();
      return false;
    };
    await expect(
      uploadPackageFiles(clientOf(server), "pkg_1", source, { concurrency: 1 }),
    ).rejects.toMatchObject({
      code: "upload_incomplete",
      detail: "1 of 2 files, such as b; run it again",
    });
  });
});
