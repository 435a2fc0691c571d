import type { SparseFile } from "./sparse-file.ts";

/** An element of EBML (RFC 8794) in a file; its body goes from `start` to before `end`. */
export interface Element {
  id: number;
  position: number;
  start: number;
  end: number;
}

/** Null where there is none. One of unknown length, as live recordings have them, goes on to the end of the file. */
export async function readElement(file: SparseFile, position: number): Promise<Element | null> {
  const header = parseHeader(await file.read(position, 12));
  if (!header) return null;
  const start = position + header.length;
  return { id: header.id, position, start, end: header.size === null ? file.sizeBytes : start + header.size };
}

/** The elements of a body, as far as they are whole. */
export function elementsIn(body: Buffer): { id: number; body: Buffer }[] {
  const found: { id: number; body: Buffer }[] = [];
  for (let at = 0; at < body.length;) {
    const header = parseHeader(body.subarray(at, at + 12));
    if (!header || header.size === null) break;
    const start = at + header.length;
    found.push({ id: header.id, body: body.subarray(start, start + header.size) });
    at = start + header.size;
  }
  return found;
}

export function unsigned(body: Buffer): number {
  return body.length === 0 || body.length > 6
    ? Number(`0x${body.toString("hex") || "0"}`)
    : body.readUIntBE(0, body.length);
}

function parseHeader(bytes: Buffer): { id: number; size: number | null; length: number } | null {
  const idLength = lengthOf(bytes[0], 4);
  if (idLength === null || bytes.length <= idLength) return null;
  const sizeLength = lengthOf(bytes[idLength], 8);
  if (sizeLength === null || bytes.length < idLength + sizeLength) return null;
  const raw = BigInt(`0x${bytes.toString("hex", idLength, idLength + sizeLength)}`);
  const mask = (1n << BigInt(7 * sizeLength)) - 1n;
  const size = raw & mask;
  return {
    id: bytes.readUIntBE(0, idLength),
    size: size === mask ? null : Number(size),
    length: idLength + sizeLength,
  };
}

/** The zeros before the first one say how many bytes follow. */
function lengthOf(first: number | undefined, max: number): number | null {
  if (first === undefined || first === 0) return null;
  const length = Math.clz32(first) - 23;
  return length <= max ? length : null;
}
