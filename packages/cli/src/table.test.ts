import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellsOf, cutToCells, wrapToCells } from "./cells.ts";
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

  test("that do not fit at all become a card a row, which leaves nothing out", () => {
    const rows = [
      { id: "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", title: "Die Schatzsucher von Bad Segeberg", year: 2008 },
      { id: "ttl_2", title: "M", year: undefined },
    ];
    expect(renderTable(columns, rows, { width: 32, bold: plain })).toBe(
      [
        "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr",
        "  TITLE  Die Schatzsucher von",
        "         Bad Segeberg",
        "  YEAR   2008",
        "ttl_2",
        "  TITLE  M",
      ].join("\n"),
    );
  });

  test("no line is wider than the terminal and no year is lost, whatever titles hold", () => {
    const row = fc.record({
      id: fc.string(),
      title: fc.string({ unit: "grapheme" }),
      year: fc.option(fc.nat(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 24, max: 120 }), (rows, width) => {
        const text = renderTable(columns, rows, { width, bold: plain });
        for (const line of text.split("\n")) expect(cellsOf(line)).toBeLessThanOrEqual(width);
        for (const { year } of rows) expect(text).toContain(String(year ?? ""));
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

test("wrapping loses nothing, and no line is wider than the width", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 20 }), (text, width) => {
      const lines = wrapToCells(text, width);
      for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(width);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }),
  );
});
