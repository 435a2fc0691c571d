import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, constants, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FlixError } from "../../kernel/errors.ts";
import { digestOf } from "./digest.ts";
import { ObjectsError } from "./errors.ts";
import { segmentsOf } from "./object-key.ts";
import type { ObjectInfo, Objects, Opened } from "./objects.ts";
import { resolveRange, type RangeSpec } from "./range.ts";

const draftPrefix = ".draft-";

/** Objects as files of a directory: written beside their place, flushed, then renamed, so that none is ever half there. */
export function createDirectoryObjects(directory: string): Objects {
  const pathOf = (key: string) => join(directory, ...segmentsOf(key));
  const head = (key: string) => readInfo(key, pathOf(key));

  /** False, and nothing is written, when `accept` says so once all bytes are there. */
  async function write(path: string, body: AsyncIterable<Buffer>, signal?: AbortSignal, accept = () => true) {
    const draft = join(directory, `${draftPrefix}${randomUUID()}`);
    await mkdir(dirname(path), { recursive: true });
    try {
      await pipeline(body, createWriteStream(draft, { mode: 0o640 }), { signal });
      if (!accept()) {
        await rm(draft);
        return false;
      }
      await flush(draft);
      await moveTo(draft, path);
      return true;
    } catch (error) {
      await rm(draft, { force: true });
      throw isNoSpace(error) ? new FlixError("no_space", { cause: error }) : error;
    }
  }

  return {
    async put(key, body, { signal }) {
      await write(pathOf(key), Buffer.isBuffer(body) ? Readable.from([body]) : body, signal);
      const info = await head(key);
      if (!info) throw new Error(`The object ${key} was written but is not there`);
      return info;
    },
    join(key, sources, { sha256 }) {
      const hash = createHash("sha256");
      const hashed = async function* () {
        for (const source of sources) {
          for await (const chunk of createReadStream(pathOf(source.key), { highWaterMark: readBytes })) {
            hash.update(chunk);
            yield chunk;
          }
        }
      };
      return write(pathOf(key), hashed(), undefined, () => hash.digest("hex") === sha256);
    },
    grantPut: () => Promise.resolve(undefined),
    async verify(key, { sizeBytes, sha256 }) {
      const info = await head(key);
      if (info === undefined) return "none";
      if (info.sizeBytes !== sizeBytes) return "other";
      return (await digestOf(createReadStream(pathOf(key)))) === sha256 ? "same" : "other";
    },
    head,
    open: (key, range) => openFile(pathOf(key), range),
    list: (prefix) => listFiles(directory, pathOf(prefix)),
    async link(key, name) {
      await mkdir(dirname(pathOf(name)), { recursive: true });
      try {
        await link(pathOf(key), pathOf(name));
        return true;
      } catch (error) {
        // What has the name already was written once, with the same bytes. Some file systems have no hard links.
        return errorCode(error) === "EEXIST";
      }
    },
    delete: (key) => rm(pathOf(key), { force: true }),
    deleteUnder: (prefix) => rm(pathOf(prefix), { recursive: true, force: true }),
    async sweep(begunBefore) {
      for (const name of await readdir(directory)) {
        if (!name.startsWith(draftPrefix)) continue;
        const path = join(directory, name);
        const draft = await stat(path).catch(ignoreMissing);
        if (draft && draft.mtime < begunBefore) await rm(path, { force: true });
      }
    },
    async check() {
      try {
        await mkdir(directory, { recursive: true });
        await access(directory, constants.R_OK | constants.W_OK);
      } catch (cause) {
        const message = `FLIX_OBJECTS: ${directory} cannot be written (${errorCode(cause)}): make it a folder of this user's, or name another.`;
        throw new ObjectsError("objects_directory_not_writable", message, { cause });
      }
    },
  };
}

const readBytes = 1024 * 1024;

async function readInfo(key: string, path: string): Promise<ObjectInfo | undefined> {
  const file = await stat(path).catch(ignoreMissing);
  return file?.isFile() ? { key, sizeBytes: file.size } : undefined;
}

/** Size and bytes are of one file, whatever a deletion does meanwhile. */
async function openFile(path: string, range: RangeSpec | undefined): Promise<Opened | undefined> {
  const file = await open(path).catch(ignoreMissing);
  if (file === undefined) return undefined;
  const info = await file.stat();
  const sizeBytes = info.size;
  const found = range === undefined ? { start: 0, end: sizeBytes - 1 } : resolveRange(range, sizeBytes);
  if (!info.isFile() || found === undefined) {
    await file.close();
    return info.isFile() ? { state: "outside", sizeBytes } : undefined;
  }
  return {
    state: "open",
    sizeBytes,
    range: found,
    body: file.createReadStream(range === undefined ? {} : found),
  };
}

async function* listFiles(directory: string, folder: string): AsyncGenerator<ObjectInfo> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ignoreMissing);
  for (const entry of entries ?? []) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const info = await readInfo(relative(directory, path).replaceAll(sep, "/"), path);
    if (info) yield info;
  }
}

/** A deletion may take the folder between its making and its use; once more is enough. */
async function moveTo(draft: string, path: string): Promise<void> {
  try {
    await rename(draft, path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    await mkdir(dirname(path), { recursive: true });
    await rename(draft, path);
  }
}

/** Makes the bytes durable before the name points to them. */
async function flush(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) !== "ENOENT" && errorCode(error) !== "ENOTDIR") throw error;
}

function isNoSpace(error: unknown): boolean {
  return errorCode(error) === "ENOSPC" || errorCode(error) === "EDQUOT";
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
