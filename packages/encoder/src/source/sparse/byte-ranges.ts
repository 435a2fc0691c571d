import type { ByteRange } from "../remote/remote-source.ts";

/** In order, apart by more than the gap. */
export function mergeRanges(ranges: readonly ByteRange[], gapBytes = 0): ByteRange[] {
  const merged: ByteRange[] = [];
  for (const { start, end } of ranges
    .filter((range) => range.end > range.start)
    .toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end + gapBytes) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** What of the wanted ranges is in none of the filled ones. */
export function missingRanges(wanted: readonly ByteRange[], filled: readonly ByteRange[]): ByteRange[] {
  const missing: ByteRange[] = [];
  const present = mergeRanges(filled);
  for (const { start, end } of mergeRanges(wanted)) {
    let at = start;
    for (const range of present) {
      if (range.end <= at) continue;
      if (range.start >= end) break;
      if (range.start > at) missing.push({ start: at, end: range.start });
      at = range.end;
    }
    if (at < end) missing.push({ start: at, end });
  }
  return missing;
}

export function bytesIn(ranges: readonly ByteRange[]): number {
  return mergeRanges(ranges).reduce((sum, { start, end }) => sum + end - start, 0);
}
