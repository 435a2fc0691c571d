import { cellsOf, cutToCells, wrapToCells } from "./cells.ts";
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
/** Of a flexible column; where even that is too much, each row becomes a card. */
const narrowest = 10;

/** Aligned columns under their headers, cut to the paper's width; where they do not fit at all, a card a row: nothing is left out. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paper: Paper,
): string {
  const { width, bold } = paper;
  const cells = rows.map((row) => columns.map(({ value }) => printable(String(value(row) ?? ""))));
  const widths = columns.map(({ header }, index) =>
    Math.max(cellsOf(header), ...cells.map((row) => cellsOf(row[index] ?? ""))),
  );
  if (width !== undefined && !shrink(columns, widths, width)) {
    const headers = columns.map(({ header }) => header);
    return cells.map((row) => renderCard(headers, row, paper)).join("\n");
  }
  const line = (texts: readonly string[]) =>
    columns
      .map(({ align }, index) =>
        pad(cutToCells(texts[index] ?? "", widths[index] ?? 0), widths[index] ?? 0, align),
      )
      .join(gap)
      .trimEnd();
  return [bold(line(columns.map((column) => column.header))), ...cells.map(line)].join("\n");
}

/** One `name  value` line for each field that is there; a long value goes on below its beginning. */
export function renderFields(fields: readonly Field[], { width, bold }: Paper): string {
  const present = fields.filter((field): field is readonly [string, string | number | boolean] => {
    return field[1] !== undefined && field[1] !== "";
  });
  const widest = Math.max(...present.map(([name]) => cellsOf(name)));
  const room = width === undefined ? undefined : Math.max(narrowest, width - widest - gap.length);
  return present
    .flatMap(([name, value]) => {
      const text = printable(String(value));
      const lines = room === undefined ? [text] : wrapToCells(text, room);
      return lines.map(
        (line, index) => `${index === 0 ? bold(pad(name, widest)) : pad("", widest)}${gap}${line}`,
      );
    })
    .join("\n");
}

/** The row's first cell stands for it, the others follow under it. */
function renderCard(headers: readonly string[], row: readonly string[], { width, bold }: Paper): string {
  const [title = "", ...values] = row;
  const room = width === undefined ? undefined : width - gap.length;
  const fields = values.map((value, index) => [headers[index + 1] ?? "", value] as const);
  const lines = renderFields(fields, { width: room, bold: (text) => text }).split("\n");
  const heading = width === undefined ? [title] : wrapToCells(title, width);
  return [...heading.map(bold), ...lines.filter((line) => line !== "").map((line) => gap + line)].join("\n");
}

export type Field = readonly [name: string, value: string | number | boolean | undefined];

/** Takes the room that is missing from the widest flexible column, cell by cell; false where there is not enough to take. */
function shrink(columns: readonly Column<never>[], widths: number[], width: number): boolean {
  let excess = widths.reduce((sum, cells) => sum + cells, gap.length * (widths.length - 1)) - width;
  for (; excess > 0; excess--) {
    const flexible = widths
      .map((cells, index) => ({ cells, index }))
      .filter(({ cells, index }) => columns[index]?.flexible && cells > narrowest);
    const widest = flexible.toSorted((a, b) => b.cells - a.cells)[0];
    if (!widest) return false;
    widths[widest.index] = widest.cells - 1;
  }
  return true;
}

function pad(text: string, width: number, align?: "right"): string {
  const blanks = " ".repeat(Math.max(0, width - cellsOf(text)));
  return align === "right" ? blanks + text : text + blanks;
}
