import { printable } from "./printable.ts";

/** Lines at the bottom of a terminal that are drawn over and over in the same place. */
export interface LiveRegion {
  /** No line may be as wide as the terminal, nor may there be as many of them as it is high. */
  draw(lines: readonly string[]): void;
  /** A line that stays, above the others. */
  note(text: string): void;
  erase(): void;
}

export function openLiveRegion(terminal: { write(text: string): unknown }): LiveRegion {
  let drawn: readonly string[] = [];
  // To the begin of the first line, for Ctrl-C is echoed where the cursor is, and all from there on is cleared; in one write, so that no
  // terminal shows an empty place in between.
  const write = (text: string) => {
    const up = drawn.length > 0 ? `\r\u001b[${drawn.length}A\u001b[0J` : "";
    terminal.write(`${up}${text}`);
  };
  const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  return {
    draw(lines) {
      write(textOf(lines));
      drawn = lines;
    },
    note(text) {
      write(`${printable(text)}\n${textOf(drawn)}`);
    },
    erase() {
      write("");
      drawn = [];
    },
  };
}
