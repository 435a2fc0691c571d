import { cancelled, EncoderError, formatBytes, systemErrorCode } from "../../errors.ts";
import type { ByteRange, RemoteSource } from "./remote-source.ts";
import { Interrupted, type Patience, withRetry } from "./retry.ts";

export interface Sink {
  /** Bytes in order, without gaps; they are gone when the answer has come. */
  write(bytes: Buffer, position: number): Promise<void>;
  /** The source cannot go on where it broke: everything comes again from the start. */
  restart(): Promise<void>;
}

export interface TransferOptions {
  patience: Patience;
  maxBytes: number;
  signal: AbortSignal;
}

/** So much since the last failure is progress: the count of failures in a row begins anew. */
const progressBytes = 1 << 20;

/**
 * Brings a range, or all from a position on, to the sink; what breaks is gone on with where it broke. One chunk of the connection is in memory at
 * a time. Answers the position that was reached.
 */
export async function transfer(
  source: RemoteSource,
  range: ByteRange | { start: number; end: null },
  sink: Sink,
  options: TransferOptions,
): Promise<number> {
  const end = range.end ?? source.sizeBytes;
  let [at, reported] = [range.start, range.start];
  const attempt = async (): Promise<void> => {
    if (!source.resumable && at > 0) {
      await sink.restart();
      at = 0;
    }
    if (end !== null && at >= end) return;
    for await (const bytes of unstalled(source, { start: at, end }, options)) {
      const wanted = end === null ? bytes : bytes.subarray(0, end - at);
      if (at + wanted.length > options.maxBytes) throw tooLarge(source.name, options.maxBytes);
      await sink.write(wanted, at);
      at += wanted.length;
      free(bytes);
      if (at === end) break;
    }
    if (end !== null && at < end) throw new Interrupted(endedEarly(source.name, at, end));
  };
  const hasProgressed = (): boolean => {
    const progressed = at - reported >= progressBytes;
    reported = at;
    return progressed && source.resumable;
  };
  await withRetry(attempt, { ...options, hasProgressed });
  return at;
}

/** The bytes of one connection, which is given up when hardly any come. */
async function* unstalled(
  source: RemoteSource,
  range: { start: number; end: number | null },
  { patience, signal }: TransferOptions,
): AsyncGenerator<Buffer> {
  const stall = new AbortController();
  let seen = 0;
  const timer = setInterval(() => {
    if (seen < patience.minBytes) stall.abort();
    seen = 0;
  }, patience.stallMs);
  try {
    const stream = await source.read(range, AbortSignal.any([signal, stall.signal]));
    try {
      for await (const chunk of stream) {
        const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        seen += bytes.length;
        yield bytes;
      }
    } finally {
      stream.destroy();
    }
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (stall.signal.aborted) throw new Interrupted(stalled(source.name, patience.stallMs));
    throw explainBreak(source.name, error);
  } finally {
    clearInterval(timer);
  }
}

/**
 * Gives memory back that the garbage collector would leave for a while: it sees small objects, not the 64 KB behind each. While 2 GB came,
 * 100 MB of them were waiting at times; with this it is 35. Only where nobody else can have a part of it.
 */
function free({ buffer, length }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}

/** An error of the connection may pass; any other is not for us to hide. */
function explainBreak(name: string, error: unknown): unknown {
  const code =
    systemErrorCode(error) ??
    (error instanceof Error && error.name === "TimeoutError" ? "ETIMEDOUT" : undefined);
  if (error instanceof EncoderError || error instanceof Interrupted || code === undefined) return error;
  return new Interrupted(
    new EncoderError("source_unreachable", {
      message: `The connection to ${name} broke again and again (${code}).`,
      hint: "Check the network, then run the same command again: it goes on where it stopped.",
    }),
  );
}

function endedEarly(name: string, at: number, end: number): EncoderError {
  return new EncoderError("source_not_valid", {
    message: `${name} should have ${end} bytes, but its server ends after ${at}.`,
    hint: "Copy the master here with another program, and ingest the copy.",
  });
}

function stalled(name: string, afterMs: number): EncoderError {
  return new EncoderError("stalled", {
    message: `${name} sends next to nothing for ${Math.round(afterMs / 1000)} s at a time.`,
    hint: "Check the network and the server, then run the same command again: it goes on where it stopped.",
  });
}

export function tooLarge(name: string, maxBytes: number): EncoderError {
  return new EncoderError("source_too_large", {
    message: `${name} is larger than ${formatBytes(maxBytes)}.`,
    hint: "Give the film's master; cut a longer one into parts.",
  });
}
