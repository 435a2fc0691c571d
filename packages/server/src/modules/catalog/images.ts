/** What a picture's own bytes say that it is. */
export interface Image {
  contentType: "image/jpeg" | "image/png" | "image/webp";
  extension: "jpg" | "png" | "webp";
  width: number;
  height: number;
}

const largestSide = 16_384;

/** Reads type and size from the bytes, whatever they were called; undefined when they are no JPEG, PNG or WebP. */
export function readImage(bytes: Buffer): Image | undefined {
  const image = readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
  if (!image) return undefined;
  const { width, height } = image;
  return [width, height].every((side) => side >= 1 && side <= largestSide) ? image : undefined;
}

/** PNG (third edition) sections 5.2 and 11.2.1: the signature, then IHDR. */
function readPng(bytes: Buffer): Image | undefined {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(signature)) return undefined;
  if (bytes.toString("latin1", 12, 16) !== "IHDR") return undefined;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return { contentType: "image/png", extension: "png", width, height };
}

/** ITU-T T.81 annex B: segments up to the frame header, which has the size. */
function readJpeg(bytes: Buffer): Image | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length;) {
    if (bytes.readUInt8(at) !== 0xff) return undefined;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      // A fill byte (B.1.1.2).
      at += 1;
    } else if (isFrameHeader(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      return { contentType: "image/jpeg", extension: "jpg", width, height };
    } else {
      const length = bytes.readUInt16BE(at + 2);
      if (length < 2) return undefined;
      at += 2 + length;
    }
  }
  return undefined;
}

/** SOF0 to SOF15, but for the three codes among them that stand for tables and extensions. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** RFC 9649: RIFF, WEBP, then one of three kinds of chunk. */
function readWebp(bytes: Buffer): Image | undefined {
  if (bytes.length < 30 || bytes.toString("latin1", 0, 4) !== "RIFF") return undefined;
  if (bytes.toString("latin1", 8, 12) !== "WEBP") return undefined;
  const size = webpSize(bytes, bytes.toString("latin1", 12, 16));
  return size && { contentType: "image/webp", extension: "webp", ...size };
}

function webpSize(bytes: Buffer, chunk: string): { width: number; height: number } | undefined {
  if (chunk === "VP8X") return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (chunk === "VP8L" && bytes.readUInt8(20) === 0x2f) {
    const packed = bytes.readUInt32LE(21);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  // RFC 6386 section 9.1: the start code of a key frame, then 14 bits each.
  if (chunk === "VP8 " && bytes.readUIntBE(23, 3) === 0x9d012a) {
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  }
  return undefined;
}
