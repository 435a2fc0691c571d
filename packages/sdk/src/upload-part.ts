import { sha256, toHex } from "./digest.ts";
import { FlixError } from "./errors.ts";
import type { Item } from "./pages.ts";

/** Where the bytes come from: `end` is exclusive. */
export interface PackageSource {
  read(path: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** What straight to the platform's store needs, without holding a part in memory; by default parts are read whole, and sent by fetch. */
  stream?: PartStream;
}

export interface PartStream {
  /** SHA-256 of the bytes, in hexadecimal. */
  digest(path: string, start: number, end: number): Promise<string>;
  /** A PUT of the bytes with these headers and no others but their length; follows no redirect. Rejects where no answer came. */
  put(path: string, start: number, end: number, request: PutRequest): Promise<PutAnswer>;
}

export interface PutRequest {
  url: string;
  headers: Record<string, string>;
  signal: AbortSignal;
}

export interface PutAnswer {
  status: number;
  /** The body. */
  text: string;
}

export type Upload = Item<"listPackageUploads">;

export interface Part {
  upload: Upload;
  number: number;
  start: number;
  end: number;
}

export function missingParts(upload: Upload): Part[] {
  const received = new Set(upload.received_parts);
  const parts: Part[] = [];
  for (let number = 1; number <= upload.part_count; number += 1) {
    const start = (number - 1) * upload.part_size_bytes;
    const end = Math.min(start + upload.part_size_bytes, upload.size_bytes);
    if (!received.has(number)) parts.push({ upload, number, start, end });
  }
  return parts;
}

export function sizeOf({ start, end }: Part): number {
  return end - start;
}

export async function readPart(
  source: PackageSource,
  { upload, start, end }: Part,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await source.read(upload.path, start, end);
  if (bytes.byteLength === end - start) return bytes;
  const detail = `${upload.path} has ${start + bytes.byteLength} bytes, not ${upload.size_bytes}`;
  throw new FlixError("file_changed", "A file changed since the package was begun", { detail });
}

export async function digestPart(source: PackageSource, part: Part): Promise<string> {
  const { upload, start, end } = part;
  if (upload.part_count === 1) return upload.sha256;
  if (source.stream) return source.stream.digest(upload.path, start, end);
  return toHex(await sha256(await readPart(source, part)));
}

/** Tries of a PUT each send the same bytes; without a stream they are read once. */
export async function preparePut(
  source: PackageSource,
  part: Part,
): Promise<(request: PutRequest) => Promise<PutAnswer>> {
  const { stream } = source;
  const { upload, start, end } = part;
  if (stream) return (request) => stream.put(upload.path, start, end, request);
  const body = await readPart(source, part);
  return async ({ url, headers, signal }) => {
    const answer = await fetch(url, {
      method: "PUT",
      headers,
      body,
      signal,
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    return { status: answer.status, text: await answer.text() };
  };
}
