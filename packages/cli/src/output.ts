import { styleText } from "node:util";
import type { Host } from "./host.ts";
import { printable } from "./printable.ts";
import { renderFields, renderTable, type Column, type Field, type Paper } from "./table.ts";

/** Data goes to stdout, everything else to stderr. */
export interface Output {
  readonly json: boolean;
  /** The contract's resource with `--json`, else its fields. */
  record<Resource>(resource: Resource, fields: (resource: Resource) => readonly Field[]): void;
  /** With `--json` one array of the contract's resources, as `gh` does; else a table. */
  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): void;
  /** `value` with `--json`, else `text`, which is our own wording: what others wrote goes through `printable` first. */
  data(value: unknown, text: string | ((paper: Paper) => string)): void;
  /** One value a line with `--json` (NDJSON), else one line of text. */
  stream(value: unknown, text: string): void;
  /** To stderr, for people; not with `--json`. */
  note(text: string): void;
  /** To stderr: one line of JSON with `--json`, else the text. */
  event(value: { event: string; [fact: string]: unknown }, text: string): void;
}

export function createOutput({ stdout, stderr }: Pick<Host, "stdout" | "stderr">, json: boolean): Output {
  const width = stdout.isTTY ? stdout.columns || 80 : undefined;
  // styleText leaves colours out where the stream is no terminal or NO_COLOR is set.
  const paper: Paper = { width, bold: (text) => styleText("bold", text, { stream: stdout }) };
  const print = (text: string) => stdout.write(`${text}\n`);
  const printJson = (value: unknown) => print(JSON.stringify(value, null, 2));
  return {
    json,
    record(resource, fields) {
      if (json) printJson(resource);
      else print(renderFields(fields(resource), paper));
    },
    table(rows, columns, empty) {
      if (json) printJson(rows);
      else if (rows.length === 0) stderr.write(`${empty}\n`);
      else print(renderTable(columns, rows, paper));
    },
    data(value, text) {
      if (json) printJson(value);
      else print(typeof text === "string" ? text : text(paper));
    },
    stream(value, text) {
      print(json ? JSON.stringify(value) : text);
    },
    note(text) {
      if (!json) stderr.write(`${printable(text)}\n`);
    },
    event(value, text) {
      stderr.write(`${json ? JSON.stringify(value) : text}\n`);
    },
  };
}
