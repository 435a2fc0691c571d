import { FlixError } from "./errors.ts";

/** The strong `etag` of a row that counts its changes. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** Refuses a change that was made from another state than the present one (RFC 9110 section 13.1.1). */
export function requireMatch(ifMatch: string, version: number): void {
  const tags = ifMatch.split(",").map((tag) => tag.trim());
  if (tags.includes("*") || tags.includes(etagOf(version))) return;
  throw new FlixError("etag_stale", { detail: `The resource is now at etag ${etagOf(version)}.` });
}
