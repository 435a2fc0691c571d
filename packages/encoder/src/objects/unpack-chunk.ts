import { createHash } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cancelled, systemErrorCode } from "../errors.ts";
import { block, isSafeName, padded, sumsName } from "./chunk-archive.ts";

/** The archive is not what `packChunk` wrote. */
class Damaged extends Error {}

/** Writes the files of an archive into a folder that appears once all of them are there and are what the archive promised; false where they are not. */
export async function unpackChunk(
  bytes: AsyncIterable<Uint8Array>,
  folder: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const partial = `${folder}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await mkdir(partial, { mode: 0o700 });
  try {
    await unpackInto(partial, bytes, signal);
    await rename(partial, folder).catch((error: unknown) => {
      // Somebody else was faster with the same chunk.
      if (!["ENOTEMPTY", "EEXIST"].includes(systemErrorCode(error) ?? "")) throw error;
    });
    return true;
  } catch (error) {
    if (error instanceof Damaged) return false;
    throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function unpackInto(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const take = takeFrom(bytes);
  const first = await readHeader(take);
  if (first?.name !== sumsName || first.sizeBytes > 65_536) throw new Damaged();
  const sums = await allOf(take(padded(first.sizeBytes)));
  const promised = parseSums(sums.subarray(0, first.sizeBytes));
  for (let entry = await readHeader(take); entry; entry = await readHeader(take)) {
    const { name, sizeBytes } = entry;
    const sha256 = await writeFile(join(folder, name), take(sizeBytes), signal);
    if (promised.get(name) !== sha256) throw new Damaged();
    promised.delete(name);
    await allOf(take(padded(sizeBytes) - sizeBytes));
  }
  if (promised.size > 0) throw new Damaged();
}

/** Null at the end of the archive. */
async function readHeader(take: Take): Promise<{ name: string; sizeBytes: number } | null> {
  const bytes = await allOf(take(block));
  if (bytes.every((byte) => byte === 0)) return null;
  const name = textOf(bytes, 0, 100);
  const sizeBytes = Number.parseInt(textOf(bytes, 124, 12), 8);
  if (!(isSafeName(name) || name === sumsName) || !Number.isSafeInteger(sizeBytes)) throw new Damaged();
  return { name, sizeBytes };
}

function textOf(bytes: Buffer, start: number, length: number): string {
  return bytes.toString("latin1", start, start + length).replace(/\0.*$/s, "");
}

function parseSums(text: Buffer): Map<string, string> {
  const lines = text.toString().split("\n").slice(0, -1);
  return new Map(
    lines.map((line) => {
      const [, sha256, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
      if (sha256 === undefined || name === undefined || !isSafeName(name)) throw new Damaged();
      return [name, sha256];
    }),
  );
}

/** Answers what it wrote, as SHA-256; it is on the disk by then. */
async function writeFile(path: string, bytes: AsyncIterable<Buffer>, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of bytes) {
      if (signal?.aborted) throw cancelled();
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

type Take = (length: number) => AsyncGenerator<Buffer>;

/** Takes so many bytes from a stream, as they come. */
function takeFrom(source: AsyncIterable<Uint8Array>): Take {
  const iterator = source[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  return async function* (length) {
    for (let left = length; left > 0;) {
      if (rest.length === 0) {
        const next = await iterator.next();
        if (next.done) throw new Damaged();
        rest = Buffer.from(next.value);
        continue;
      }
      const taken = rest.subarray(0, left);
      rest = rest.subarray(taken.length);
      left -= taken.length;
      yield taken;
    }
  };
}

async function allOf(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
