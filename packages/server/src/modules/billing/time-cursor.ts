import { decodeCursor } from "../../kernel/cursors.ts";

/** The place in a list that is sorted by time, then id, newest first. */
export interface TimePlace {
  time: Date;
  id: string;
}

/** PostgreSQL's timestamptz ends in the year 294276, JavaScript's Date before it. */
const latestMs = 8.64e15;

export function decodeTimeCursor(cursor: string | undefined): TimePlace | undefined {
  const [ms, id] = decodeCursor(cursor, ["number", "string"] as const) ?? [];
  if (ms === undefined || id === undefined) return undefined;
  return { time: new Date(Math.max(0, Math.min(ms, latestMs))), id };
}

export function timeCursor(row: { created_at: Date; id: string }): [number, string] {
  return [row.created_at.getTime(), row.id];
}
