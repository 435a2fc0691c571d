import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { cancelled } from "../errors.ts";
import { hashFile } from "../source/hash-file.ts";

/**
 * A chunk as one object: a tar archive (POSIX ustar), in which `SHA256SUMS` comes first and says what follows, as `sha256sum --check` reads it.
 * One object is there or not, so a chunk is too.
 */
export interface ChunkArchive {
  sizeBytes: number;
  /** From the start, each time it is called. */
  bytes(): AsyncGenerator<Buffer>;
}

interface Entry {
  name: string;
  sizeBytes: number;
  read(): AsyncIterable<Buffer>;
}

export const block = 512;
export const sumsName = "SHA256SUMS";

/** What is unpacked was made by another machine: a name is one of a file in this folder. */
export function isSafeName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,98}$/.test(name) && name !== sumsName;
}

export function padded(sizeBytes: number): number {
  return Math.ceil(sizeBytes / block) * block;
}

export async function packChunk(folder: string, signal?: AbortSignal): Promise<ChunkArchive> {
  const files: Entry[] = [];
  let sums = "";
  for (const name of (await readdir(folder)).toSorted()) {
    if (!isSafeName(name)) throw new RangeError(`${name} is no name for a file of a chunk`);
    const path = join(folder, name);
    sums += `${await hashFile(path, signal)}  ${name}\n`;
    files.push({ name, sizeBytes: (await stat(path)).size, read: () => createReadStream(path) });
  }
  const entries = [sumsEntry(Buffer.from(sums)), ...files];
  const sizeBytes = entries.reduce((sum, entry) => sum + block + padded(entry.sizeBytes), 2 * block);
  return { sizeBytes, bytes: () => writeTar(entries, signal) };
}

function sumsEntry(text: Buffer): Entry {
  return {
    name: sumsName,
    sizeBytes: text.length,
    async *read() {
      yield text;
    },
  };
}

async function* writeTar(entries: readonly Entry[], signal?: AbortSignal): AsyncGenerator<Buffer> {
  for (const { name, sizeBytes, read } of entries) {
    yield header(name, sizeBytes);
    for await (const bytes of read()) {
      if (signal?.aborted) throw cancelled();
      yield bytes;
    }
    yield Buffer.alloc(padded(sizeBytes) - sizeBytes);
  }
  yield Buffer.alloc(2 * block);
}

/** No owner and no time: the same files give the same archive. */
function header(name: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.write(name, 0, "latin1");
  bytes.write(["0000644", "0000000", "0000000", ""].join("\0"), 100, "latin1");
  bytes.write([octal(sizeBytes, 11), octal(0, 11), ""].join("\0"), 124, "latin1");
  bytes.write(`${" ".repeat(8)}0`, 148, "latin1");
  bytes.write("ustar\u000000", 257, "latin1");
  bytes.write(`${octal(sumOf(bytes), 6)}\0 `, 148, "latin1");
  return bytes;
}

export function sumOf(header: Buffer): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
