import type { RangeSpec } from "../../engines/objects/range.ts";

/**
 * Reads a `Range` header (RFC 9110 section 14.2). Undefined where it is to be ignored: none, not in bytes, not well formed, or
 * several ranges, which a server need not answer in parts.
 */
export function readRange(header: string | undefined): RangeSpec | undefined {
  const [, first, last] = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") return { last: Number(last) };
  const start = Number(first);
  if (last === "") return { start };
  return Number(last) < start ? undefined : { start, end: Number(last) };
}
