import { cellsOf, cutToCells } from "./cells.ts";
import { printable } from "./printable.ts";

export interface Column<Row> {
  header: string;
  value: (row: Row) => string | number | boolean | undefined;
  align?: "right";
  /** May be cut where the terminal is narrow; ids and numbers are not. */
  flexible?: true;
}

export interface Paper {
  /** Undefined: no terminal, nothing is cut. */
  width: number | undefined;
  bold: (text: string) => string;
}

const gap = "  ";
const narrowest = 8;

/** Aligned columns under their headers, cut to the paper's width. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, bold }: Paper,
): string {
  const cells = rows.map((row) => columns.map(({ value }) => printable(String(value(row) ?? ""))));
  const widths = columns.map(({ header }, index) =>
    Math.max(cellsOf(header), ...cells.map((row) => cellsOf(row[index] ?? ""))),
  );
  if (width !== undefined) shrink(columns, widths, width);
  const line = (texts: readonly string[]) =>
    columns
      .map(({ align }, index) =>
        pad(cutToCells(texts[index] ?? "", widths[index] ?? 0), widths[index] ?? 0, align),
      )
      .join(gap)
      .trimEnd();
  const fit = (text: string) => (width === undefined ? text : cutToCells(text, width));
  const header = fit(line(columns.map((column) => column.header)));
  return [bold(header), ...cells.map((row) => fit(line(row)))].join("\n");
}

/** One `name  value` line for each field that is there. */
export function renderFields(fields: readonly Field[], { bold }: Paper): string {
  const present = fields.filter((field): field is readonly [string, string | number | boolean] => {
    return field[1] !== undefined && field[1] !== "";
  });
  const widest = Math.max(...present.map(([name]) => cellsOf(name)));
  return present
    .map(([name, value]) => `${bold(pad(name, widest))}${gap}${printable(String(value))}`)
    .join("\n");
}

export type Field = readonly [name: string, value: string | number | boolean | undefined];

/** Takes the room that is missing from the widest flexible column, cell by cell. */
function shrink(columns: readonly Column<never>[], widths: number[], width: number): void {
  let excess = widths.reduce((sum, cells) => sum + cells, gap.length * (widths.length - 1)) - width;
  for (; excess > 0; excess--) {
    const flexible = widths
      .map((cells, index) => ({ cells, index }))
      .filter(({ cells, index }) => columns[index]?.flexible && cells > narrowest);
    const widest = flexible.toSorted((a, b) => b.cells - a.cells)[0];
    if (!widest) return;
    widths[widest.index] = widest.cells - 1;
  }
}

function pad(text: string, width: number, align?: "right"): string {
  const blanks = " ".repeat(Math.max(0, width - cellsOf(text)));
  return align === "right" ? blanks + text : text + blanks;
}
