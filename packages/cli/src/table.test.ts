import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellsOf, cutToCells } from "./cells.ts";
import { printable } from "./printable.ts";
import { renderFields, renderTable, type Column } from "./table.ts";

interface Row {
  id: string;
  title: string;
  year: number | undefined;
}

const columns: readonly Column<Row>[] = [
  { header: "ID", value: ({ id }) => id },
  { header: "TITLE", value: ({ title }) => title, flexible: true },
  { header: "YEAR", value: ({ year }) => year, align: "right" },
];
const plain = (text: string) => text;

describe("tables", () => {
  test("are aligned, numbers to the right, wide characters counted as two cells", () => {
    const rows = [
      { id: "ttl_1", title: "七人の侍", year: 1954 },
      { id: "ttl_22", title: "M", year: undefined },
    ];
    expect(renderTable(columns, rows, { width: undefined, bold: plain })).toBe(
      ["ID      TITLE     YEAR", "ttl_1   七人の侍  1954", "ttl_22  M"].join("\n"),
    );
  });

  test("are cut to the terminal in the flexible column, never in an id", () => {
    const rows = [
      { id: "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", title: "A very long title of a very long film", year: 2008 },
    ];
    const [, line = ""] = renderTable(columns, rows, { width: 60, bold: plain }).split("\n");
    expect(cellsOf(line)).toBe(60);
    expect(line).toMatch(/^ttl_01k9v3c4x5e6f7g8h9j0kmnpqr {2}A very long.*… {2,}2008$/);
  });

  test("no line is wider than the terminal and no line is lost, whatever titles hold", () => {
    const row = fc.record({
      id: fc.string(),
      title: fc.string({ unit: "grapheme" }),
      year: fc.option(fc.nat(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 20, max: 120 }), (rows, width) => {
        const lines = renderTable(columns, rows, { width, bold: plain }).split("\n");
        expect(lines).toHaveLength(rows.length + 1);
        for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test("fields that are not there take no line", () => {
    const fields = [
      ["ID", "ttl_1"],
      ["Synopsis", undefined],
      ["Published", ""],
      ["Playable", false],
    ] as const;
    expect(renderFields(fields, { width: undefined, bold: plain })).toBe("ID        ttl_1\nPlayable  false");
  });
});

describe("printable", () => {
  test("leaves nothing that a terminal obeys", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  test("leaves other scripts and emoji as they are", () => {
    expect(printable("Amélie – Le fabuleux 七人の侍 👩‍🚀")).toBe("Amélie – Le fabuleux 七人の侍 👩‍🚀");
  });
});

test("cutting never exceeds the width and says that something is gone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 20 }), (text, width) => {
      const cut = cutToCells(text, width);
      expect(cellsOf(cut)).toBeLessThanOrEqual(Math.max(width, 1));
      if (cut !== text) expect(cut.endsWith("…")).toBe(true);
    }),
  );
});
