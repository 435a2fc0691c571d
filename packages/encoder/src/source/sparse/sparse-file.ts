import { open, type FileHandle } from "node:fs/promises";
import { EncoderError } from "../../errors.ts";
import { writeAll } from "../../work/write-all.ts";
import type { ByteRange, RemoteSource } from "../remote/remote-source.ts";
import type { SourceAccess } from "../remote/source-access.ts";
import { transfer } from "../remote/transfer.ts";
import { bytesIn, mergeRanges, missingRanges } from "./byte-ranges.ts";

/** A file as long as the master, of which only what is asked for is fetched; the rest are holes, which take no disk and read as zeros. */
export interface SparseFile {
  path: string;
  sizeBytes: number;
  fetchedBytes(): number;
  fetch(ranges: readonly ByteRange[]): Promise<void>;
  /** Fetches what it needs; shorter at the end of the file. */
  read(start: number, length: number): Promise<Buffer>;
  /** Another file with the same bytes in it, which fetches more by way of `source`. */
  copyTo(path: string, source: RemoteSource): Promise<SparseFile>;
  close(): Promise<void>;
}

/** A request takes as long as this much of transfer: holes smaller than that are fetched along. */
const gapBytes = 128 * 1024;
/** What is read is an index, whose next bytes are asked for next. */
const readAheadBytes = 64 * 1024;

interface Origin {
  source: RemoteSource;
  access: SourceAccess;
  signal: AbortSignal;
}

/** The source has to be one that can be read in ranges. */
export async function createSparseFile(path: string, origin: Origin): Promise<SparseFile> {
  const { source } = origin;
  if (source.sizeBytes === null || !source.resumable) {
    throw new EncoderError("source_not_valid", {
      message: `The server of ${source.name} does not answer ranges of one version.`,
      hint: "Serve the master with ranges and an ETag.",
    });
  }
  const file = await open(path, "wx+", 0o600);
  await file.truncate(source.sizeBytes);
  return sparseFile(path, file, source.sizeBytes, [], origin);
}

function sparseFile(
  path: string,
  file: FileHandle,
  sizeBytes: number,
  known: readonly ByteRange[],
  origin: Origin,
): SparseFile {
  let filled = [...known];
  const fetch = async (ranges: readonly ByteRange[]): Promise<void> => {
    const inside = ranges.map(({ start, end }) => ({
      start: Math.max(0, start),
      end: Math.min(end, sizeBytes),
    }));
    for (const range of mergeRanges(missingRanges(inside, filled), gapBytes)) {
      const sink = {
        write: (bytes: Buffer, position: number) => writeAll(file, bytes, position),
        restart: () => Promise.reject(new Error("a range cannot start over")),
      };
      await transfer(origin.source, range, sink, { ...origin.access, signal: origin.signal });
      filled = mergeRanges([...filled, range]);
    }
  };
  return {
    path,
    sizeBytes,
    fetchedBytes: () => bytesIn(filled),
    fetch,
    async read(start, length) {
      if (missingRanges([{ start, end: Math.min(start + length, sizeBytes) }], filled).length > 0)
        await fetch([{ start, end: start + Math.max(length, readAheadBytes) }]);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
      return buffer.subarray(0, Math.max(0, Math.min(bytesRead, sizeBytes - start)));
    },
    async copyTo(other, source) {
      const copy = await open(other, "wx+", 0o600);
      await copy.truncate(sizeBytes);
      for (const range of filled) await copyRange(file, copy, range);
      return sparseFile(other, copy, sizeBytes, filled, { ...origin, source });
    },
    close: () => file.close(),
  };
}

async function copyRange(from: FileHandle, to: FileHandle, { start, end }: ByteRange): Promise<void> {
  const buffer = Buffer.alloc(Math.min(1 << 20, end - start));
  for (let at = start; at < end;) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) throw new Error("a sparse file became shorter");
    await writeAll(to, buffer.subarray(0, bytesRead), at);
    at += bytesRead;
  }
}
