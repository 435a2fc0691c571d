import { boxes } from "../package/iso-boxes.ts";
import { keyIdBytes, keyIdOf } from "./content-key.ts";

/** A `pssh` box of version 1 that names keys and holds no data of its own (ISO/IEC 23001-7 section 8.1). */
export function psshBox(systemId: string, keyIds: readonly string[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(keyIds.length);
  const noData = Buffer.alloc(4);
  const version1 = Buffer.from([1, 0, 0, 0]);
  return box("pssh", [version1, keyIdBytes(systemId), count, ...keyIds.map(keyIdBytes), noData]);
}

/** The system of each `pssh` box that bytes consist of; throws a `RangeError` for anything else. */
export function psshSystems(bytes: Buffer): string[] {
  return boxes(bytes).map(({ type, body }) => {
    if (type !== "pssh" || body.length < 24) throw new RangeError("there is a box that is no pssh");
    return keyIdOf(body.subarray(4, 20));
  });
}

/** Puts boxes at the end of the `moov` of an init segment, which has nothing behind it that counts bytes. */
export function addToMovie(init: Buffer, added: readonly Buffer[]): Buffer {
  return Buffer.concat(
    boxes(init).map(({ type, body }) => box(type, type === "moov" ? [body, ...added] : [body])),
  );
}

function box(type: string, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(header.length + body.length);
  header.write(type, 4, "latin1");
  return Buffer.concat([header, body]);
}
