import type { ByteRange } from "../remote/remote-source.ts";
import type { SparseFile } from "./sparse-file.ts";
import { type Element, elementsIn, readElement, unsigned } from "./ebml.ts";

/** RFC 9559. */
const ids = {
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  cluster: 0x1f43b675,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
} as const;

/** Tracks that become streams, counted in this order: video, sound, subtitles, metadata. */
const streamTypes = [1, 2, 0x11, 0x21];
const maxIndexBytes = 64 << 20;
const maxElements = 256;

/** Where the clusters of a track begin, at which time. */
export interface MatroskaIndex {
  firstCluster: number;
  /** Of the stream of that index, in order of time; empty where the file has none. */
  cuesOf(streamIndex: number): Cue[];
}

export interface Cue {
  seconds: number;
  position: number;
}

/** Fetches all of a Matroska or WebM file but its clusters, the media; null where it has no cues, and so no way to find a time. */
export async function readMatroskaIndex(file: SparseFile): Promise<MatroskaIndex | null> {
  const header = await readElement(file, 0);
  const segment = header && (await readElement(file, header.end));
  if (segment?.id !== ids.segment) return null;
  const top = await readTopElements(file, segment.start);
  const [cues, tracks, info] = [ids.cues, ids.tracks, ids.info].map((id) => top.get(id));
  const cluster = top.get(ids.cluster);
  if (!cues || !tracks || !cluster) return null;
  const scale = info ? unsignedAt(await bodyOf(file, info), ids.timestampScale) : null;
  const numbers = trackNumbers(await bodyOf(file, tracks));
  const points = elementsIn(await bodyOf(file, cues)).filter(({ id }) => id === ids.cuePoint);
  return {
    firstCluster: cluster.position,
    cuesOf: (streamIndex) =>
      points
        .flatMap(({ body }) => cuesOfTrack(body, numbers[streamIndex], (scale ?? 1e6) / 1e9, segment.start))
        .toSorted((a, b) => a.seconds - b.seconds),
  };
}

/** The elements of the segment: those before the first cluster, that one, and what the seek heads name behind it. */
async function readTopElements(file: SparseFile, segmentStart: number): Promise<Map<number, Element>> {
  const found = new Map<number, Element>();
  const named: number[] = [];
  let taken = 0;
  const take = async (at: number): Promise<Element | null> => {
    taken += 1;
    const element = at < file.sizeBytes && taken <= maxElements ? await readElement(file, at) : null;
    if (!element || element.end - element.start > maxIndexBytes)
      return element?.id === ids.cluster ? element : null;
    if (element.id === ids.cluster) return element;
    const body = await bodyOf(file, element);
    if (element.id === ids.seekHead)
      named.push(...seekPositions(body).map((offset) => segmentStart + offset));
    if (!found.has(element.id)) found.set(element.id, element);
    return element;
  };
  let next = await take(segmentStart);
  while (next && next.id !== ids.cluster) next = await take(next.end);
  if (next) found.set(ids.cluster, next);
  for (let index = 0; index < named.length; index += 1) await take(named[index] ?? 0);
  return found;
}

async function bodyOf(file: SparseFile, { start, end }: ByteRange): Promise<Buffer> {
  await file.fetch([{ start, end }]);
  return file.read(start, Math.min(end, file.sizeBytes) - start);
}

function seekPositions(body: Buffer): number[] {
  return elementsIn(body)
    .filter(({ id }) => id === ids.seek)
    .flatMap((seek) => unsignedAt(seek.body, ids.seekPosition) ?? []);
}

function trackNumbers(body: Buffer): number[] {
  return elementsIn(body)
    .filter(({ id }) => id === ids.trackEntry)
    .filter((entry) => streamTypes.includes(unsignedAt(entry.body, ids.trackType) ?? 0))
    .flatMap((entry) => unsignedAt(entry.body, ids.trackNumber) ?? []);
}

function cuesOfTrack(point: Buffer, track: number | undefined, scale: number, segmentStart: number): Cue[] {
  const time = unsignedAt(point, ids.cueTime);
  if (time === null || track === undefined) return [];
  return elementsIn(point)
    .filter(({ id, body }) => id === ids.cueTrackPositions && unsignedAt(body, ids.cueTrack) === track)
    .flatMap(({ body }) => unsignedAt(body, ids.cueClusterPosition) ?? [])
    .map((offset) => ({ seconds: time * scale, position: segmentStart + offset }));
}

function unsignedAt(body: Buffer, id: number): number | null {
  const element = elementsIn(body).find((element) => element.id === id);
  return element ? unsigned(element.body) : null;
}
