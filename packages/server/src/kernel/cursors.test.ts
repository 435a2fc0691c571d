import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor, pageLimit, pageOf } from "./cursors.ts";

const refusal = expect.objectContaining({
  code: "invalid_request",
  errors: [{ pointer: "query.cursor", message: "is not a cursor of this list" }],
});

test("a cursor decodes to what it was made of", () => {
  const time = fc.date({ min: new Date(0), max: new Date(8.64e15), noInvalidDate: true });
  const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
  fc.assert(
    fc.property(text, fc.maxSafeInteger(), time, (title, count, at) => {
      const cursor = encodeCursor([title, count, at]);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeCursor(cursor, ["string", "number", "time"] as const)).toEqual([title, count, at]);
    }),
  );
  expect(decodeCursor(undefined, ["string"] as const)).toBeUndefined();
});

test.each([
  ["nothing", ""],
  ["no base64url", "%%%"],
  ["no JSON", Buffer.from("[").toString("base64url")],
  ["no list", Buffer.from('{"0":1,"1":"x"}').toString("base64url")],
  ["too few values", encodeCursor([1])],
  ["too many values", encodeCursor([1, "x", "y"])],
  ["values of another list", encodeCursor(["x", 1])],
  ["a fraction", encodeCursor([1.5, "x"])],
  ["a number beyond 2^53", Buffer.from('[1e300,"x"]').toString("base64url")],
  ["a character that PostgreSQL does not keep", encodeCursor([1, "x\0"])],
])("a cursor of %s is refused by name", (_, cursor) => {
  expect(() => decodeCursor(cursor, ["number", "string"] as const)).toThrow(refusal);
});

test.each([[-1], [8.64e15 + 1], [Number.MAX_SAFE_INTEGER]])("%d is no time", (ms) => {
  expect(() => decodeCursor(encodeCursor([ms]), ["time"] as const)).toThrow(refusal);
});

test("any other text is refused or read, and nothing else happens", () => {
  fc.assert(
    fc.property(fc.oneof(fc.base64String(), fc.json().map(toBase64Url)), (cursor) => {
      try {
        expect(decodeCursor(cursor, ["string", "number", "time"] as const)).toEqual([
          expect.any(String),
          expect.any(Number),
          expect.any(Date),
        ]);
      } catch (error) {
        expect(error).toEqual(refusal);
      }
    }),
  );
});

test("pages of any size hold every row once, in order, and the last has no cursor", () => {
  fc.assert(
    fc.property(fc.nat({ max: 350 }), fc.integer({ min: 1, max: 500 }), (count, pageSize) => {
      const rows = Array.from({ length: count }, (_, id) => id);
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const after = decodeCursor(cursor, ["number"] as const)?.[0] ?? -1;
        const found = rows.filter((id) => id > after).slice(0, pageLimit(pageSize));
        const page = pageOf(
          found,
          pageSize,
          (id) => id,
          (id) => [id],
        );
        expect(page.data.length).toBeLessThanOrEqual(Math.min(pageSize, 100));
        seen.push(...page.data);
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(rows);
    }),
  );
});

function toBase64Url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
