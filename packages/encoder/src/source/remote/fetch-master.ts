import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EncoderError, noSpace, systemErrorCode } from "../../errors.ts";
import { freeBytes } from "../../plan/estimate.ts";
import { guarded } from "../../work/work-folder.ts";
import { acquireLock } from "../../work/work-lock.ts";
import { writeAll } from "../../work/write-all.ts";
import { type ChecksumReader, createChecksumReader } from "./checksum.ts";
import type { RemoteAddress } from "./master-address.ts";
import { openRemote } from "./open-remote.ts";
import type { RemoteSource } from "./remote-source.ts";
import type { SourceAccess } from "./source-access.ts";
import { tooLarge, transfer } from "./transfer.ts";

/** A copy of a remote master in the work folder, ours until `release`. */
export interface FetchedMaster {
  path: string;
  /** Of the bytes that it has; null where the server has none. */
  version: string | null;
  /** Removes the copy: what it was for is done. */
  discard(): Promise<void>;
  /** Keeps the copy for the next run. */
  release(): Promise<void>;
}

export interface FetchOptions {
  workDir: string;
  access: SourceAccess;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
  /** Throws where what lies at the address is not what is wanted. */
  accept?: ((source: RemoteSource) => void) | undefined;
}

const maxRestarts = 3;
/** Beside the master itself: what file systems keep for themselves. */
const reserveBytes = 32_000_000;

/**
 * Brings a master to `<workDir>/sources/<key>/<its name>`, by way of `<key>.partial`. The key names the address and the version of its bytes, so
 * what is there already is gone on with, after a kill too, and what has changed since begins anew.
 */
export async function fetchMaster(address: RemoteAddress, options: FetchOptions): Promise<FetchedMaster> {
  const signal = options.signal ?? new AbortController().signal;
  for (let restarts = 0; ; restarts += 1) {
    const source = await openRemote(address, options.access, signal);
    requireSize(source, options.access.maxBytes);
    options.accept?.(source);
    try {
      return await guarded(options.workDir, () => fetchVersion(address, source, { ...options, signal }));
    } catch (error) {
      if (!isChange(error) || restarts === maxRestarts) throw error;
    }
  }
}

function isChange(error: unknown): boolean {
  return error instanceof EncoderError && error.code === "source_changed";
}

export function requireSize({ name, sizeBytes }: RemoteSource, maxBytes: number): void {
  if (sizeBytes === 0)
    throw new EncoderError("empty_file", {
      message: `${name} is empty.`,
      hint: "Copy the master there again.",
    });
  if (sizeBytes !== null && sizeBytes > maxBytes) throw tooLarge(name, maxBytes);
}

type Fetch = FetchOptions & { signal: AbortSignal };

async function fetchVersion(
  address: RemoteAddress,
  source: RemoteSource,
  options: Fetch,
): Promise<FetchedMaster> {
  const folder = join(resolve(options.workDir), "sources");
  const version = createHash("sha256")
    .update(JSON.stringify([source.version, source.sizeBytes]))
    .digest("hex");
  const identity = source.identity.slice(0, 16);
  const key = `${identity}-${version.slice(0, 16)}`;
  const release = await lockIn(folder, key);
  const home = join(folder, key);
  const partial = `${home}.partial`;
  try {
    await removeOtherVersions(folder, identity, key);
    const path = join(home, source.filename);
    if (!(await isFetched(path, source))) {
      await download(source, partial, options);
      await requireSameVersion(address, source, options);
      await rm(home, { recursive: true, force: true });
      await mkdir(home, { mode: 0o700 });
      await rename(partial, path);
    }
    const discard = async (): Promise<void> => {
      await rm(home, { recursive: true, force: true });
      await release();
      // Fails as long as there are other masters.
      await rmdir(folder).catch(() => {});
    };
    return { path, version: source.version, discard, release };
  } catch (error) {
    if (isChange(error)) await rm(partial, { force: true });
    await release();
    throw error;
  }
}

/** Whoever discards the last master removes the folder, perhaps just before the lock lies in it. */
async function lockIn(folder: string, key: string): Promise<() => Promise<void>> {
  for (;;) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return await acquireLock(join(folder, `${key}.lock`));
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") throw error;
    }
  }
}

/** The rename is the last thing of a fetch, so what has the name is whole. Without a version nobody knows whether it is still the same. */
async function isFetched(path: string, { version, sizeBytes }: RemoteSource): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && version !== null && (sizeBytes === null || found.size === sizeBytes);
}

async function download(source: RemoteSource, partial: string, options: Fetch): Promise<void> {
  const file = await open(partial, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { size } = await file.stat();
    const start = source.resumable ? Math.min(size, source.sizeBytes ?? 0) : 0;
    await file.truncate(start);
    await requireSpace(source, start, options.workDir);
    const checksum = source.checksum && createChecksumReader(source.checksum);
    if (checksum && start > 0) await readInto(checksum, partial, start);
    const sink = {
      async write(bytes: Buffer, position: number): Promise<void> {
        await writeAll(file, bytes, position);
        checksum?.update(bytes);
        if (source.sizeBytes) options.onProgress?.((position + bytes.length) / source.sizeBytes);
      },
      restart: () => file.truncate(0),
    };
    await transfer(source, { start, end: null }, sink, { ...options.access, signal: options.signal });
    await file.sync();
    if (checksum?.matches() === false) {
      await rm(partial);
      throw checksumMismatch(source.name);
    }
  } finally {
    await file.close();
  }
}

async function readInto(checksum: ChecksumReader, path: string, end: number): Promise<void> {
  for await (const bytes of createReadStream(path, { end: end - 1, highWaterMark: 1 << 20 }))
    checksum.update(bytes);
}

async function requireSpace({ sizeBytes }: RemoteSource, start: number, workDir: string): Promise<void> {
  const needed = (sizeBytes ?? 0) - start + reserveBytes;
  if ((await freeBytes(workDir)) < needed) throw noSpace(workDir, needed);
}

/** A server that reads a file while somebody overwrites it sends half of each, under one version. */
async function requireSameVersion(
  address: RemoteAddress,
  source: RemoteSource,
  { access, signal }: Fetch,
): Promise<void> {
  const now = await openRemote(address, access, signal);
  if (now.version === source.version && now.sizeBytes === source.sizeBytes) return;
  throw new EncoderError("source_changed", {
    message: `${source.name} changed while it was read.`,
    hint: "Wait until the master is written to its end, then run the same command again.",
  });
}

async function removeOtherVersions(folder: string, identity: string, key: string): Promise<void> {
  const names = (await readdir(folder)).map((name) => name.replace(/\.(partial|lock)$/, ""));
  const others = new Set(names.filter((name) => name.startsWith(`${identity}-`) && name !== key));
  for (const other of others) {
    const release = await acquireLock(join(folder, `${other}.lock`)).catch((error: unknown) => {
      if (error instanceof EncoderError && error.code === "work_in_use") return null;
      throw error;
    });
    if (!release) continue;
    await rm(join(folder, other), { recursive: true, force: true });
    await rm(join(folder, `${other}.partial`), { force: true });
    await release();
  }
}

function checksumMismatch(name: string): EncoderError {
  return new EncoderError("checksum_mismatch", {
    message: `What came of ${name} is not what its checksum says.`,
    hint: "Run the same command again; if it repeats, the object is damaged: upload it again.",
  });
}
