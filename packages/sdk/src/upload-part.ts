import { FlixError } from "./errors.ts";
import type { Item } from "./pages.ts";

/** Where the bytes come from: `end` is exclusive. */
export interface PackageSource {
  read(path: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
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
