/** From `start` up to and including `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

/** What is asked of an object whose size is not known yet: from `start` to its end or up to and including `end`, or its `last` bytes. */
export type RangeSpec = { start: number; end?: number } | { last: number };

/** The bytes of an object that are meant; undefined when there are none. */
export function resolveRange(range: RangeSpec, sizeBytes: number): ByteRange | undefined {
  if ("last" in range) {
    const length = Math.min(range.last, sizeBytes);
    return length === 0 ? undefined : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const end = Math.min(range.end ?? Number.POSITIVE_INFINITY, sizeBytes - 1);
  return range.start > end ? undefined : { start: range.start, end };
}
