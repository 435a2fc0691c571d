import { FlixError } from "./errors.ts";

const maxPageSize = 100;

/**
 * What a cursor holds: a number is a whole one. A cursor is not signed: a made-up one only names another
 * place, of a list that its caller may read anyway.
 */
export type CursorShape = readonly ("string" | "number" | "time")[];

/** Decodes to what `encodeCursor` was given; what PostgreSQL could not take as such a value is refused. */
export function decodeCursor<Shape extends CursorShape>(
  cursor: string | undefined,
  shape: Shape,
): CursorValues<Shape> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = parseCursor(cursor);
  const values = Array.isArray(parsed) ? parsed.map((value, index) => readValue(value, shape[index])) : [];
  if (isCursor(values, shape)) return values;
  throw new FlixError("invalid_request", {
    detail: "The cursor is not one of this list's; start again without it.",
    errors: [{ pointer: "query.cursor", message: "is not a cursor of this list" }],
  });
}

export type CursorValues<Shape extends CursorShape> = {
  -readonly [Index in keyof Shape]: Shape[Index] extends "string"
    ? string
    : Shape[Index] extends "number"
      ? number
      : Date;
};

export function encodeCursor(values: readonly (string | number | Date)[]): string {
  const plain = values.map((value) => (value instanceof Date ? value.getTime() : value));
  return Buffer.from(JSON.stringify(plain)).toString("base64url");
}

export interface Page<Item> {
  data: Item[];
  next_cursor?: string;
}

/** How many rows to ask for: the page, clamped, and one more that tells whether there is a next page. */
export function pageLimit(pageSize: number | undefined): number {
  return Math.min(pageSize ?? 20, maxPageSize) + 1;
}

/** Makes a page of the rows that a query with `limit(pageLimit(...))` gave. */
export function pageOf<Row, Item>(
  rows: Row[],
  pageSize: number | undefined,
  toItem: (row: Row) => Item,
  toCursor: (row: Row) => readonly (string | number | Date)[],
): Page<Item> {
  const size = pageLimit(pageSize) - 1;
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const data = shown.map(toItem);
  return rows.length > size && last !== undefined
    ? { data, next_cursor: encodeCursor(toCursor(last)) }
    : { data };
}

function parseCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Undefined: not a value of this kind. Dates of JavaScript end before those of PostgreSQL, and begin before them. */
function readValue(
  value: unknown,
  kind: CursorShape[number] | undefined,
): string | number | Date | undefined {
  if (kind === "string") return typeof value === "string" && !value.includes("\0") ? value : undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return undefined;
  if (kind === "number") return value;
  return kind === "time" && value >= 0 && value <= 8.64e15 ? new Date(value) : undefined;
}

function isCursor<Shape extends CursorShape>(values: unknown[], shape: Shape): values is CursorValues<Shape> {
  return values.length === shape.length && values.every((value) => value !== undefined);
}
