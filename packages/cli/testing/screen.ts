export interface Screen {
  write(text: string): void;
  /** What is to be seen, without empty lines at the end. */
  lines(): string[];
}

// oxlint-disable-next-line no-control-regex -- Control characters are what a terminal obeys.
const parts = /(?<sequence>\u001b\[\d*[A-Z]|[\n\r])|[^\u001b\n\r]+/g;

/** As much of a terminal as live tables need: line feeds, carriage returns, up, and clear to the end. */
export function createScreen(): Screen {
  let lines: string[] = [""];
  let [row, column] = [0, 0];
  const put = (text: string) => {
    const line = (lines[row] ?? "").padEnd(column);
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length);
    column += text.length;
  };
  const obey = (sequence: string) => {
    if (sequence === "\n") [row, column] = [row + 1, 0];
    else if (sequence === "\r") column = 0;
    else if (sequence.endsWith("A")) row = Math.max(0, row - Number(sequence.slice(2, -1)));
    else if (sequence.endsWith("J")) lines = [...lines.slice(0, row), (lines[row] ?? "").slice(0, column)];
  };
  return {
    write(text) {
      for (const { 0: part, groups } of text.matchAll(parts)) {
        if (groups?.["sequence"] === undefined) put(part);
        else obey(part);
      }
    },
    lines: () => lines.join("\n").trimEnd().split("\n"),
  };
}
