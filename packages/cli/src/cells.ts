const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Terminal cells that a text takes: two for East Asian wide characters and emoji, none for marks. */
export function cellsOf(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) cells += cellsOfGrapheme(segment);
  return cells;
}

/** Cut to the width, with an ellipsis where something is gone. */
export function cutToCells(text: string, width: number): string {
  if (cellsOf(text) <= width) return text;
  let cut = "";
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) {
    cells += cellsOfGrapheme(segment);
    if (cells > width - 1) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
}

/** In lines of at most the width, broken at blanks, and inside a word only where the word alone is wider. */
export function wrapToCells(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (cellsOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = breakWord(word, width);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return [...lines, line];
}

function breakWord(word: string, width: number): string[] {
  const pieces = [""];
  for (const { segment } of graphemes.segment(word)) {
    const longer = `${pieces.at(-1) ?? ""}${segment}`;
    if (pieces.at(-1) === "" || cellsOf(longer) <= width) pieces[pieces.length - 1] = longer;
    else pieces.push(segment);
  }
  return pieces;
}

function cellsOfGrapheme(grapheme: string): number {
  if (/^\p{Mark}+$/u.test(grapheme)) return 0;
  return /^\p{Emoji_Presentation}|\ufe0f/u.test(grapheme) || isWide(grapheme.codePointAt(0) ?? 0) ? 2 : 1;
}

/** Unicode's East_Asian_Width W and F, by blocks. */
const wideBlocks = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
] as const;

function isWide(codePoint: number): boolean {
  return wideBlocks.some(([first, last]) => codePoint >= first && codePoint <= last);
}
