import { FlixError } from "../../kernel/errors.ts";

const segmentPattern = /^(?!\.)[\w!@$&'()+,=~ .-]+$/u;

/** Keys are relative, without empty, hidden or parent segments; a key from outside was checked before it came here. */
export function segmentsOf(key: string): string[] {
  const segments = key.split("/");
  if (segments.every(isSegment)) return segments;
  throw new FlixError("invalid_request", { detail: `"${key}" is not an object's key.` });
}

export function isSegment(text: string): boolean {
  return segmentPattern.test(text);
}
