import { createReadStream } from "node:fs";
import { access, mkdir, open, rename, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { EncoderError, noSpace, systemErrorCode } from "../errors.ts";
import { writeAll } from "../work/write-all.ts";
import type { OwnBlob } from "./blob.ts";

/** An object that is a file, on a disk of this machine or one that several share. */
export function fileBlob(path: string): OwnBlob {
  return {
    exists: () => exists(path),
    write: (archive) =>
      explained(path, async () => {
        if (await exists(path)) return;
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const partial = `${path}.${randomBytes(6).toString("hex")}.partial`;
        try {
          await write(partial, archive.bytes());
          await rename(partial, path);
        } finally {
          await rm(partial, { force: true });
        }
      }),
    read: () =>
      explained(path, async () =>
        (await exists(path)) ? createReadStream(path, { highWaterMark: 1 << 20 }) : null,
      ),
    remove: () => explained(path, () => rm(path, { force: true })),
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function write(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    let at = 0;
    for await (const chunk of bytes) {
      await writeAll(file, chunk, at);
      at += chunk.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function explained<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof EncoderError || code === undefined) throw error;
    if (code === "ENOSPC" || code === "EDQUOT") throw noSpace(dirname(path));
    throw new EncoderError("store_denied", {
      message: `The store of chunks in ${dirname(path)} cannot be used (${code}).`,
      hint: "Check that the folder is there and that this user may write to it.",
    });
  }
}
