import { readProgram } from "../../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../../programs/input-guards.ts";
import type { ByteRange, RemoteSource } from "../remote/remote-source.ts";
import type { SourceAccess } from "../remote/source-access.ts";
import { toTheEnd } from "../extent.ts";
import { prerollSeconds } from "../../video/read-film.ts";
import { readIsoIndex } from "./iso-index.ts";
import { type MatroskaIndex, readMatroskaIndex } from "./matroska-index.ts";
import { createSparseFile, type SparseFile } from "./sparse-file.ts";

/** A part of a film, in seconds from its start, of one of its streams. */
export interface Span {
  streamIndex: number;
  fromSeconds: number;
  /** Null for the film's end. */
  toSeconds: number | null;
}

/** A master of which the index is here, and what ffmpeg looks at before it begins. */
export interface SparseMaster {
  file: SparseFile;
  /** The index has every packet's time; otherwise times stand beside the media only. */
  tellsTimes: boolean;
  /** What a decoder of the span reads, and somewhat more; null where that cannot be told. */
  rangesOf(span: Span): Promise<ByteRange[] | null>;
}

interface OpenOptions {
  ffprobe: string;
  access: SourceAccess;
  signal: AbortSignal;
}

/** ffmpeg looks at 5 MB of media for what the index does not say (its `probesize`), and 5 s of it. */
const headBytes = 6_000_000;
const headSeconds = 8;

/** Null where the container has no index that leads to a part of it: such a master is only of use as a whole. */
export async function openSparseMaster(
  source: RemoteSource,
  path: string,
  options: OpenOptions,
): Promise<SparseMaster | null> {
  const file = await createSparseFile(path, { source, ...options });
  const opened = await openIndexed(file, options).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  if (!opened) await file.close();
  return opened;
}

async function openIndexed(file: SparseFile, options: OpenOptions): Promise<SparseMaster | null> {
  const magic = await file.read(0, 12);
  const read = createPacketReader(file.path, options);
  if (magic.readUInt32BE(0) === 0x1a45dfa3) {
    const index = await readMatroskaIndex(file);
    if (!index) return null;
    await file.fetch([{ start: 0, end: index.firstCluster + headBytes }]);
    const startSeconds = await read.startSeconds();
    return {
      file,
      tellsTimes: false,
      rangesOf: async (span) => clustersOf(index, span, startSeconds, file.sizeBytes),
    };
  }
  if (!isIsoMedia(magic) || !(await readIsoIndex(file))) return null;
  await file.fetch(firstOf(await read.packets({ toSeconds: headSeconds })));
  const startSeconds = await read.startSeconds();
  return { file, tellsTimes: true, rangesOf: (span) => packetsOf(read, span, startSeconds) };
}

function isIsoMedia(magic: Buffer): boolean {
  return ["ftyp", "moov", "mdat", "free", "skip", "wide"].includes(magic.toString("latin1", 4, 8));
}

function firstOf(packets: readonly Packet[]): Packet[] {
  let sum = 0;
  return packets.filter(({ start, end }) => {
    const isHead = sum < headBytes;
    sum += end - start;
    return isHead;
  });
}

/**
 * Decoding goes back to a key frame, which the demuxer finds for us; behind the end it looks ahead for frames that are shown earlier than
 * they come, or to know how long the last one stands.
 */
const before = 1;
const lookAhead = { packets: 24, seconds: [2, 10, 60], cueSeconds: 2 };

async function packetsOf(read: PacketReader, span: Span, startSeconds: number): Promise<ByteRange[] | null> {
  const { streamIndex, toSeconds } = span;
  const from = startSeconds + (await seekOf(read, span, startSeconds)) - before;
  if (toSeconds !== null) {
    const to = startSeconds + toSeconds;
    for (const more of lookAhead.seconds) {
      const packets = await read.packets({ streamIndex, fromSeconds: from, toSeconds: to + more });
      if (packets.filter(({ seconds }) => seconds >= to).length >= lookAhead.packets) return packets;
    }
  }
  const packets = await read.packets({ streamIndex, fromSeconds: from });
  return packets.length > 0 ? packets : null;
}

/** Where `seekToPicture` will go, by the same steps: a seek into a gap of the film leads to its end. */
async function seekOf(
  read: PacketReader,
  { streamIndex, fromSeconds }: Span,
  startSeconds: number,
): Promise<number> {
  const shown = fromSeconds + prerollSeconds;
  for (let back = prerollSeconds; ; back *= 2) {
    const seek = shown - back;
    if (seek <= 0) return seek;
    const [first] = await read.packets({ streamIndex, fromSeconds: startSeconds + seek, count: 1 });
    if (!first || first.seconds <= startSeconds + shown) return seek;
  }
}

/** From the cluster of the last cue before the span to the end of that of the first one well behind it: a cue may lie anywhere in its cluster. */
function clustersOf(
  index: MatroskaIndex,
  { streamIndex, fromSeconds, toSeconds }: Span,
  startSeconds: number,
  sizeBytes: number,
): ByteRange[] | null {
  const cues = index.cuesOf(streamIndex);
  if (cues.length === 0) return null;
  const from = startSeconds + fromSeconds - before;
  const first = cues.findLast(({ seconds }) => seconds <= from)?.position ?? index.firstCluster;
  const to = toSeconds === null ? Number.POSITIVE_INFINITY : startSeconds + toSeconds + lookAhead.cueSeconds;
  const last = cues.find(({ seconds }) => seconds > to);
  const next = last && cues.find(({ position }) => position > last.position);
  return [{ start: first, end: next?.position ?? sizeBytes }];
}

interface Packet extends ByteRange {
  seconds: number;
}

interface PacketPart {
  streamIndex?: number;
  fromSeconds?: number;
  toSeconds?: number;
  /** So many instead of all up to a time. */
  count?: number;
}

interface PacketReader {
  startSeconds(): Promise<number>;
  /** Where packets lie, as the index says: none of them has to be there. */
  packets(part: PacketPart): Promise<Packet[]>;
}

function createPacketReader(path: string, { ffprobe, signal }: OpenOptions): PacketReader {
  const run = async (...args: string[]): Promise<string> => {
    const all = [...inputGuards, "-v", "quiet", ...args, "-of", "csv", "-i", inputUrl(path)];
    return (await readProgram(ffprobe, all, { signal })).stdout;
  };
  return {
    async startSeconds() {
      const said = await run("-show_entries", "format=start_time");
      return Number(/^format,(-?[\d.]+)/m.exec(said)?.[1] ?? 0);
    },
    async packets({ streamIndex, fromSeconds = 0, toSeconds, count }) {
      const stream = streamIndex === undefined ? [] : ["-select_streams", String(streamIndex)];
      const start = fromSeconds > 0 ? fromSeconds.toFixed(6) : "";
      const end = count === undefined ? (toSeconds?.toFixed(6) ?? toTheEnd) : `+#${count}`;
      const interval = ["-read_intervals", `${start}%${end}`];
      const said = await run(...stream, ...interval, "-show_entries", "packet=pts_time,dts_time,size,pos");
      return [...said.matchAll(/^packet,([^,]+),([^,]+),(\d+),(\d+)/gm)].map(([, pts, dts, size, pos]) => ({
        seconds: Number(pts === "N/A" ? dts : pts),
        start: Number(pos),
        end: Number(pos) + Number(size),
      }));
    },
  };
}
