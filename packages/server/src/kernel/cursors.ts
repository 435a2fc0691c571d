import { FlixError } from "./errors.ts";

const maxPageSize = 100;

/** Decodes to what `encodeCursor` was given; a cursor is opaque to clients, and signed by nothing but its shape. */
export function decodeCursor<Shape extends readonly ("string" | "number")[]>(
  cursor: string | undefined,
  shape: Shape,
): CursorValues<Shape> | undefined {
  if (cursor === undefined) return undefined;
  const values = parseCursor(cursor);
  if (isCursor(values, shape)) return values;
  throw new FlixError("invalid_request", {
    detail: "The cursor is not one of this list's; start again without it.",
    errors: [{ pointer: "query.cursor", message: "is not a cursor of this list" }],
  });
}

export type CursorValues<Shape extends readonly ("string" | "number")[]> = {
  -readonly [Index in keyof Shape]: Shape[Index] extends "string" ? string : number;
};

export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
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
  toCursor: (row: Row) => readonly (string | number)[],
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

function isCursor<Shape extends readonly ("string" | "number")[]>(
  values: unknown,
  shape: Shape,
): values is CursorValues<Shape> {
  return (
    Array.isArray(values) &&
    values.length === shape.length &&
    values.every(
      (value, index) =>
        typeof value === shape[index] &&
        (typeof value !== "number" || Number.isFinite(value)) &&
        !String(value).includes("\0"),
    )
  );
}
