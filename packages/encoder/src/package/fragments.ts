import { type Box, boxes, findBox } from "./iso-boxes.ts";

/** What one CMAF media segment holds, read from its boxes (ISO/IEC 14496-12); nothing is decoded. */
export interface SegmentFacts {
  /** In units of the track's timescale. */
  start: number;
  duration: number;
  sampleCount: number;
  /** Positions of the samples that decoding can start from, counted from the segment's first. */
  syncSamples: number[];
}

/** `sample_is_non_sync_sample` of the sample flags. */
const nonSync = 0x0001_0000;

export function readSegment(bytes: Buffer): SegmentFacts | null {
  let facts: SegmentFacts | null = null;
  for (const moof of boxes(bytes).filter(({ type }) => type === "moof")) {
    for (const traf of boxes(moof.body).filter(({ type }) => type === "traf")) {
      facts = readTrackFragment(boxes(traf.body), facts);
    }
  }
  return facts;
}

/** The track's timescale, from an init segment's `mdhd`. */
export function readTimescale(init: Buffer): number | null {
  const mdhd = findBox(init, ["moov", "trak", "mdia", "mdhd"]);
  if (!mdhd || mdhd.length < 24) return null;
  return mdhd.readUInt32BE(mdhd.readUInt8(0) === 1 ? 20 : 12);
}

function readTrackFragment(children: Box[], before: SegmentFacts | null): SegmentFacts {
  const defaults = readDefaults(find(children, "tfhd"));
  const facts = before ?? {
    start: readDecodeTime(find(children, "tfdt")),
    duration: 0,
    sampleCount: 0,
    syncSamples: [],
  };
  for (const trun of children.filter(({ type }) => type === "trun")) readRun(trun.body, defaults, facts);
  return facts;
}

interface SampleDefaults {
  duration: number;
  flags: number;
}

/** 8.8.7: optional fields in this order, each announced by a flag. */
function readDefaults(tfhd: Buffer): SampleDefaults {
  const flags = tfhd.readUInt32BE(0) & 0xff_ffff;
  let at = 8;
  const field = (mask: number, bytes: number): number => {
    if ((flags & mask) === 0) return 0;
    at += bytes;
    return tfhd.readUInt32BE(at - 4);
  };
  field(0x01, 8);
  field(0x02, 4);
  const duration = field(0x08, 4);
  field(0x10, 4);
  return { duration, flags: field(0x20, 4) };
}

function readDecodeTime(tfdt: Buffer): number {
  return tfdt.readUInt8(0) === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4);
}

/** 8.8.8: a count, then for each sample the fields that the flags announce. */
function readRun(trun: Buffer, defaults: SampleDefaults, facts: SegmentFacts): void {
  const flags = trun.readUInt32BE(0) & 0xff_ffff;
  const count = trun.readUInt32BE(4);
  let at = 8 + ((flags & 0x01) === 0 ? 0 : 4);
  let firstFlags: number | undefined;
  if ((flags & 0x04) !== 0) {
    firstFlags = trun.readUInt32BE(at);
    at += 4;
  }
  const field = (mask: number): number | undefined => {
    if ((flags & mask) === 0) return undefined;
    at += 4;
    return trun.readUInt32BE(at - 4);
  };
  for (let sample = 0; sample < count; sample += 1) {
    facts.duration += field(0x100) ?? defaults.duration;
    field(0x200);
    const own = field(0x400);
    field(0x800);
    const sampleFlags = own ?? (sample === 0 ? firstFlags : undefined) ?? defaults.flags;
    if ((sampleFlags & nonSync) === 0) facts.syncSamples.push(facts.sampleCount);
    facts.sampleCount += 1;
  }
}

function find(children: Box[], type: string): Buffer {
  const box = children.find((child) => child.type === type);
  if (!box) throw new RangeError(`a fragment has no ${type}`);
  return box.body;
}
