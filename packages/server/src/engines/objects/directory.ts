import { createReadStream, createWriteStream } from "node:fs";
import { access, constants, link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FlixError } from "../../kernel/errors.ts";
import type { ObjectInfo, Objects } from "./objects.ts";

/** Objects as files of a directory: written beside their place, flushed, then renamed, so that none is ever half there. */
export function createDirectoryObjects(directory: string): Objects {
  const pathOf = (key: string) => join(directory, ...segmentsOf(key));
  const head = (key: string) => readInfo(key, pathOf(key));
  return {
    async put(key, body, { signal }) {
      const path = pathOf(key);
      const draft = join(directory, `.draft-${randomUUID()}`);
      await mkdir(dirname(path), { recursive: true });
      try {
        await pipeline(
          Buffer.isBuffer(body) ? Readable.from([body]) : body,
          createWriteStream(draft, { mode: 0o640 }),
          { signal },
        );
        await flush(draft);
        await moveTo(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw isNoSpace(error) ? new FlixError("no_space", { cause: error }) : error;
      }
      const info = await head(key);
      if (!info) throw new Error(`The object ${key} was written but is not there`);
      return info;
    },
    head,
    read: (key, range) => createReadStream(pathOf(key), range),
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
    async check() {
      await mkdir(directory, { recursive: true });
      await access(directory, constants.R_OK | constants.W_OK);
    },
  };
}

async function readInfo(key: string, path: string): Promise<ObjectInfo | undefined> {
  try {
    const file = await stat(path);
    return file.isFile() ? { key, sizeBytes: file.size, modifiedAt: file.mtime } : undefined;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
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

const segmentPattern = /^(?!\.)[\w!@$&'()+,=~ .-]+$/u;

/** Keys are relative, without empty, hidden or parent segments; a key from outside was checked before it came here. */
function segmentsOf(key: string): string[] {
  const segments = key.split("/");
  if (segments.every((segment) => segmentPattern.test(segment))) return segments;
  throw new FlixError("invalid_request", { detail: `"${key}" is not an object's key.` });
}

function isNoSpace(error: unknown): boolean {
  return errorCode(error) === "ENOSPC" || errorCode(error) === "EDQUOT";
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
