import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { s3 as engine, type S3Access } from "../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { temporaryFolder } from "../../testing/clips.ts";
import { testAccess } from "../../testing/film-server.ts";
import { type ChunkStore, openChunkGrant, openChunkStore } from "./chunk-store.ts";

const newKey = (): string => randomBytes(32).toString("hex");

async function makeChunk(files: Readonly<Record<string, Buffer>>): Promise<string> {
  const folder = join(await temporaryFolder(), "chunk");
  await mkdir(folder);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return folder;
}

/** What lies in a folder, short enough to compare. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  const read = async (name: string) => [name, digest(await readFile(join(folder, name)))];
  return Object.fromEntries(await Promise.all(names.map(read)));
}

function digestsOf(files: Readonly<Record<string, Buffer>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, digest(bytes)]));
}

const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const newFolder = async (): Promise<string> => join(await temporaryFolder(), "taken");
const someFiles = () => ({
  "video-360p.mp4": randomBytes(200_000),
  "video-720p.mp4": randomBytes(700_001),
  empty: Buffer.alloc(0),
});

/** What holds of every store. `open` answers the same place every time. */
function keepsChunks(open: () => Promise<ChunkStore>): void {
  test("gives back what was put, whole, and nothing before", async () => {
    const [store, key, files] = [await open(), newKey(), someFiles()];
    expect([await store.has(key), await store.get(key, await newFolder())]).toEqual([false, false]);
    await store.put(key, await makeChunk(files));
    const taken = await newFolder();
    expect([await store.has(key), await store.get(key, taken)]).toEqual([true, true]);
    expect(await filesOf(taken)).toEqual(digestsOf(files));
    await store.delete(key);
    expect(await store.has(key)).toBe(false);
    await store.delete(key);
  });

  test("leaves what is there, whoever puts it again, at the same time or later", async () => {
    const [store, key, first] = [await open(), newKey(), someFiles()];
    const chunk = await makeChunk(first);
    await Promise.all([store.put(key, chunk), store.put(key, chunk), (await open()).put(key, chunk)]);
    await store.put(key, await makeChunk(someFiles()));
    const taken = await newFolder();
    expect(await store.get(key, taken)).toBe(true);
    expect(await filesOf(taken)).toEqual(digestsOf(first));
    await store.delete(key);
  });

  test("lets the holder of a grant read and write one chunk, without any other right", async () => {
    const [store, key, files] = [await open(), newKey(), someFiles()];
    const grant: unknown = JSON.parse(JSON.stringify(await store.grant(key, 600)));
    const chunk = openChunkGrant(grant as Awaited<ReturnType<ChunkStore["grant"]>>, key, testAccess());
    expect([await chunk.has(), await chunk.get(await newFolder())]).toEqual([false, false]);
    await Promise.all([chunk.put(await makeChunk(files)), chunk.put(await makeChunk(files))]);
    await chunk.put(await makeChunk(someFiles()));
    const [granted, own] = [await newFolder(), await newFolder()];
    expect([await chunk.has(), await chunk.get(granted), await store.get(key, own)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([await filesOf(granted), await filesOf(own)]).toEqual([digestsOf(files), digestsOf(files)]);
    await store.delete(key);
  });

  test("leaves nothing of a put that is cancelled", async () => {
    const [store, key] = [await open(), newKey()];
    const chunk = await makeChunk(someFiles());
    await expect(store.put(key, chunk, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
    expect(await store.has(key)).toBe(false);
  });
}

describe("a store in a folder", () => {
  let root: string | undefined;
  const newRoot = async (): Promise<string> => (root = await temporaryFolder());
  keepsChunks(async () => openChunkStore(root ?? (await newRoot()), testAccess()));

  test("keeps a chunk as an archive that tar and sha256sum can check", async () => {
    const [store, key] = [await openChunkStore(await newRoot(), testAccess()), newKey()];
    await store.put(key, await makeChunk(someFiles()));
    const folder = await temporaryFolder();
    execFileSync("tar", ["-xf", join(root ?? "", "chunks", `${key}.tar`), "-C", folder]);
    const said = execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: folder, encoding: "utf8" });
    expect(said).toContain("video-720p.mp4: OK");
  });

  test("keeps any files, and takes no archive that has changed by a bit or was cut", async () => {
    const store = await openChunkStore(await newRoot(), testAccess());
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);
    const files = fc.dictionary(name, fc.uint8Array({ maxLength: 3000, size: "max" }), {
      maxKeys: 4,
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), fc.boolean(), async (made, at, cut) => {
        const key = newKey();
        const bytes = Object.fromEntries(Object.entries(made).map(([n, b]) => [n, Buffer.from(b)]));
        await store.put(key, await makeChunk(bytes));
        const taken = await newFolder();
        expect(await store.get(key, taken)).toBe(true);
        expect(await filesOf(taken)).toEqual(digestsOf(bytes));
        const path = join(root ?? "", "chunks", `${key}.tar`);
        const archive = await readFile(path);
        const where = at % archive.length;
        if (cut) await truncate(path, where);
        else await writeFile(path, archive.with(where, (archive[where] ?? 0) ^ 0x20));
        const damaged = await newFolder();
        if (await store.get(key, damaged)) expect(await filesOf(damaged)).toEqual(digestsOf(bytes));
        else expect(await store.has(key)).toBe(false);
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  test.for(["../x", "a/b", "SHA256SUMS"])("refuses a file named %s in an archive", async (name) => {
    const [store, key] = [await openChunkStore(await newRoot(), testAccess()), newKey()];
    // One folder down: what is beside it is the test's own too.
    const from = join(await temporaryFolder(), "from");
    await mkdir(join(from, "a"), { recursive: true });
    await mkdir(join(root ?? "", "chunks"));
    await writeFile(join(from, "SHA256SUMS"), `${"0".repeat(64)}  ${name}\n`);
    for (const file of ["../x", "a/b"]) await writeFile(join(from, file), "x");
    execFileSync("tar", ["-P", "-cf", join(root ?? "", "chunks", `${key}.tar`), "SHA256SUMS", name], {
      cwd: from,
    });
    const taken = await newFolder();
    expect(await store.get(key, taken)).toBe(false);
    expect(await readdir(join(taken, ".."))).toEqual([]);
  });

  test("that cannot be written to is store_denied", async () => {
    const path = join(await temporaryFolder(), "file");
    await writeFile(path, "");
    const store = await openChunkStore(path, testAccess());
    await expect(store.put(newKey(), await makeChunk(someFiles()))).rejects.toMatchObject({
      code: "store_denied",
    });
  });

  test.for(["gs://bucket", "s3://", "s3://B!", "s3://bucket?endpoint=minio:9000"])(
    "%s is no store",
    async (location) => {
      await expect(openChunkStore(location, testAccess())).rejects.toMatchObject({
        code: "setting_not_valid",
      });
    },
  );
});

describeWith(engine, "a store in S3", (s3) => {
  const env = environmentOf(s3);
  const prefix = `test-${randomBytes(6).toString("hex")}`;
  const { AWS_ENDPOINT_URL: endpoint, ...keys } = env;
  const location = `s3://${s3.bucket}/${prefix}?endpoint=${encodeURIComponent(endpoint)}`;
  // The setting is the operator's, who need not open the network to masters for it.
  const ownAccess = testAccess({ env: keys, networks: [] });
  keepsChunks(() => openChunkStore(location, ownAccess));

  test("takes a large chunk in parts, and after a break sends only those that are missing", async () => {
    const proxy = await startProxy(s3.endpoint);
    const store = await openChunkStore(
      `s3://${s3.bucket}/${prefix}`,
      testAccess({ env: environmentOf(s3, proxy.url) }),
    );
    const [key, files] = [newKey(), { "video.mp4": randomBytes(40 << 20) }];
    const chunk = await makeChunk(files);
    proxy.breakAfter(28 << 20);
    await expect(store.put(key, chunk)).rejects.toMatchObject({ code: "store_unreachable" });
    expect(await (await openChunkStore(`s3://${s3.bucket}/${prefix}`, testAccess({ env }))).has(key)).toBe(
      false,
    );
    proxy.repair();
    await store.put(key, chunk);
    expect(proxy.sentBytes()).toBeLessThan(28 << 20);
    const taken = await newFolder();
    expect(await store.get(key, taken)).toBe(true);
    expect(await filesOf(taken)).toEqual(digestsOf(files));
    await store.delete(key);
  });

  test("reads a chunk again whose connection broke half-way", async () => {
    const proxy = await startProxy(s3.endpoint);
    const store = await openChunkStore(
      `s3://${s3.bucket}/${prefix}`,
      testAccess({ env: environmentOf(s3, proxy.url) }),
    );
    const [key, files] = [newKey(), someFiles()];
    await store.put(key, await makeChunk(files));
    proxy.breakAnswersOnce(300_000);
    const taken = await newFolder();
    expect(await store.get(key, taken)).toBe(true);
    expect(await filesOf(taken)).toEqual(digestsOf(files));
    await store.delete(key);
  });

  test("does not take a grant that has ended, or that is for another chunk", async () => {
    const store = await openChunkStore(`s3://${s3.bucket}/${prefix}`, testAccess({ env }));
    const [key, other] = [newKey(), newKey()];
    const grant = await store.grant(key, 600);
    if (grant.kind !== "signed") throw new Error("not signed");
    const forged = {
      ...grant,
      getUrl: grant.getUrl.replace(key, other),
      putUrl: grant.putUrl.replace(key, other),
    };
    const chunk = openChunkGrant(forged, other, testAccess());
    await expect(chunk.has()).rejects.toMatchObject({ code: "store_denied" });
    await expect(chunk.put(await makeChunk(someFiles()))).rejects.toMatchObject({ code: "store_denied" });
    const brief = openChunkGrant(await store.grant(key, 1), key, testAccess());
    const denied = expect.objectContaining({ code: "store_denied" });
    await vi.waitFor(
      async () => expect(await brief.has().catch((error: unknown) => error)).toEqual(denied),
      5000,
    );
  });

  test("is asked for only where it may be", async () => {
    const store = await openChunkStore(`s3://${s3.bucket}/${prefix}`, testAccess({ env }));
    const chunk = openChunkGrant(await store.grant(newKey(), 600), "key", testAccess({ networks: [] }));
    await expect(chunk.has()).rejects.toMatchObject({ code: "url_not_allowed" });
  });

  test("that has no such bucket, or refuses the key, has a code each", async () => {
    const nowhere = await openChunkStore("s3://no-such-bucket-here", testAccess({ env }));
    await expect(nowhere.put(newKey(), await makeChunk(someFiles()))).rejects.toMatchObject({
      code: "store_not_found",
    });
    const wrong = testAccess({ env: { ...env, AWS_SECRET_ACCESS_KEY: "wrong" } });
    const denied = await openChunkStore(`s3://${s3.bucket}`, wrong);
    await expect(denied.put(newKey(), await makeChunk(someFiles()))).rejects.toMatchObject({
      code: "store_denied",
    });
  });
});

function environmentOf({ endpoint, region, accessKeyId, secretAccessKey }: S3Access, through = endpoint) {
  return {
    AWS_ENDPOINT_URL: through,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

/** The network before a server, which breaks when it is told to. */
async function startProxy(target: string) {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let [sent, limit, answerLimit] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => {});
    }
    client.on("close", () => upstream.destroy());
    upstream.on("end", () => client.end());
    let answered = 0;
    client.on("data", (bytes) => {
      sent += bytes.length;
      if (sent > limit) client.resetAndDestroy();
      else upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      answered += bytes.length;
      if (answered <= answerLimit) return void client.write(bytes);
      answerLimit = Number.POSITIVE_INFINITY;
      client.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    sentBytes: () => sent,
    breakAfter: (bytes: number) => void (limit = bytes),
    breakAnswersOnce: (bytes: number) => void (answerLimit = bytes),
    repair: () => void ([sent, limit] = [0, Number.POSITIVE_INFINITY]),
  };
}
