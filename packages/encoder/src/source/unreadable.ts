import { open } from "node:fs/promises";
import { EncoderError } from "../errors.ts";
import { maxStreams } from "../programs/input-guards.ts";

/** Says why ffprobe refused a file, from its messages and the file's first bytes. */
export async function explainUnreadable(path: string, stderr: string): Promise<EncoderError> {
  const head = await readHead(path);
  if (isPlaylist(head) || (/not on whitelist/i.test(stderr) && !isText(head))) {
    return new EncoderError("format_not_allowed", {
      message: `${path} is not a film file: it refers to other files, or its container is not accepted.`,
      hint: "Give the film itself, as MP4, MOV, MKV, WebM, MPEG-TS, AVI or MXF.",
    });
  }
  if (/moov atom not found|partial file/i.test(stderr) && isIsoMedia(head)) {
    return new EncoderError("truncated", {
      message: `${path} ends before its index: it was not copied or recorded to its end.`,
      hint: "Copy the master again and compare its size with the original.",
    });
  }
  if (/number of streams exceeds/i.test(stderr)) {
    return new EncoderError("too_many_streams", {
      message: `${path} has more than ${maxStreams} streams.`,
      hint: "Remux the master with the tracks that are to be published.",
    });
  }
  return new EncoderError("not_media", {
    message: `${path} is not a video file.`,
    hint: "Give a film, as MP4, MOV, MKV, WebM, MPEG-TS, AVI or MXF.",
  });
}

/** ffprobe gives no size of a picture that it refused to decode; why it did stands among its messages. */
export function explainSizeless(path: string, stderr: string): EncoderError {
  const [, size] = /Picture size (\d{4,}x\d+|\d+x\d{4,}) (?:is invalid|exceeds)/.exec(stderr) ?? [];
  if (size !== undefined) {
    return new EncoderError("too_many_pixels", {
      message: `The picture is ${size}; at most 8192x4320 pixels are accepted.`,
      hint: "Scale the master down first.",
    });
  }
  return new EncoderError("corrupt", {
    message: `${path} has a video track whose pictures have no size.`,
    hint: "Copy the master again and compare its checksum with the original.",
  });
}

const headBytes = 4096;

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** HLS, DASH, ffconcat, SDP and the like: text that names what else to open. */
function isPlaylist(head: Buffer): boolean {
  return /^\uFEFF?\s*(#EXTM3U|ffconcat|v=0\r?\n|<\?xml|<MPD|<playlist|\[playlist\])/i.test(
    head.toString("utf8"),
  );
}

/** The demuxer is chosen by the name too; only what begins as MP4 and MOV do is one that was cut. */
function isIsoMedia(head: Buffer): boolean {
  return ["ftyp", "moov", "mdat", "free", "skip", "wide", "styp", "moof"].includes(
    head.toString("latin1", 4, 8),
  );
}

function isText(head: Buffer): boolean {
  return !head.includes(0) && !head.toString("utf8").slice(0, -4).includes("\uFFFD");
}
