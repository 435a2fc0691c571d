/** A box of ISO/IEC 14496-12. */
export interface Box {
  type: string;
  /** Without its header. */
  body: Buffer;
}

export function boxes(bytes: Buffer): Box[] {
  const found: Box[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const short = bytes.readUInt32BE(at);
    const header = short === 1 ? 16 : 8;
    const size =
      short === 1 && at + 16 <= bytes.length
        ? Number(bytes.readBigUInt64BE(at + 8))
        : short || bytes.length - at;
    if (size < header || at + size > bytes.length)
      throw new RangeError("a box goes past the end of the file");
    found.push({
      type: bytes.toString("latin1", at + 4, at + 8),
      body: bytes.subarray(at + header, at + size),
    });
    at += size;
  }
  return found;
}

/** The first box at a path of types, without its header; null where there is none. */
export function findBox(bytes: Buffer, path: readonly string[]): Buffer | null {
  return path.reduce<Buffer | null>((parent, type) => {
    return parent && (boxes(parent).find((box) => box.type === type)?.body ?? null);
  }, bytes);
}
