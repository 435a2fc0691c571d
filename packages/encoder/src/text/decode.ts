import { EncoderError, type Warning } from "../errors.ts";
import { subtitleHint } from "./parsed-subtitle.ts";

/** What Windows saved text as before UTF-8, by language; Western Europe's for all others. */
const legacyEncodings: Readonly<Record<string, readonly string[]>> = {
  "windows-1250": ["bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"],
  "windows-1251": ["be", "bg", "mk", "ru", "sr", "uk"],
  "windows-1253": ["el"],
  "windows-1254": ["az", "tr"],
  "windows-1255": ["he"],
  "windows-1256": ["ar", "fa", "ur"],
  "windows-1257": ["et", "lt", "lv"],
  "windows-1258": ["vi"],
  "windows-874": ["th"],
  shift_jis: ["ja"],
  "euc-kr": ["ko"],
  gb18030: ["zh"],
};

/**
 * The text of a subtitle file with line feeds alone. A byte order mark decides, then what XML says of itself, then UTF-8 where the bytes are
 * that; what is left is read as the language's files were before UTF-8, and the guess is told.
 */
export function decodeSubtitle(
  bytes: Buffer,
  name: string,
  language: string,
): { text: string; warnings: Warning[] } {
  const said = markedEncoding(bytes) ?? xmlEncoding(bytes) ?? utf16WithoutMark(bytes);
  const text = tryDecode(bytes, said ?? "utf-8");
  if (text !== null) return { text: withLineFeeds(text), warnings: [] };
  if (said !== null || bytes.includes(0) || isBrokenUtf8(bytes))
    throw notDecoded(bytes, name, said ?? "UTF-8");
  const guess = Object.entries(legacyEncodings).find(([, languages]) =>
    languages.includes(language.split("-", 1)[0] ?? ""),
  );
  const encoding = guess?.[0] ?? "windows-1252";
  const guessed = tryDecode(bytes, encoding);
  if (guessed === null) throw notDecoded(bytes, name, "UTF-8");
  const message = `it is not in UTF-8 and was read as ${encoding}: look whether its accents are right`;
  return { text: withLineFeeds(guessed), warnings: [{ code: "subtitle_encoding_guessed", message }] };
}

function markedEncoding([a, b, c]: Buffer): string | null {
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return a === 0xef && b === 0xbb && c === 0xbf ? "utf-8" : null;
}

/** `<?xml version="1.0" encoding="ISO-8859-15"?>` */
function xmlEncoding(bytes: Buffer): string | null {
  const label = /^\s*<\?xml[^>]*\sencoding=["']([\w.:-]{1,40})["']/.exec(
    bytes.toString("latin1", 0, 200),
  )?.[1];
  return label === undefined || !isKnown(label) ? null : label;
}

/** ASCII in UTF-16 is every second byte 0. */
function utf16WithoutMark(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 64);
  const zeros = (from: 0 | 1): number =>
    head.filter((byte, index) => index % 2 === from && byte === 0).length;
  const most = head.length / 2 - 4;
  if (most < 4) return null;
  if (zeros(1) >= most) return "utf-16le";
  return zeros(0) >= most ? "utf-16be" : null;
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}

function tryDecode(bytes: Buffer, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** One spoilt byte in a file of UTF-8 is no reason to read all its accents as something else. */
function isBrokenUtf8(bytes: Buffer): boolean {
  const text = new TextDecoder("utf-8").decode(bytes);
  const wrong = text.match(/\uFFFD/g)?.length ?? 0;
  const right = text.match(/[\u0080-\uFFFC]/g)?.length ?? 0;
  return right > wrong;
}

function notDecoded(bytes: Buffer, name: string, encoding: string): EncoderError {
  const before = new TextDecoder("utf-8").decode(bytes).split("\uFFFD", 1)[0] ?? "";
  const where = encoding === "UTF-8" ? ` (line ${before.split("\n").length})` : "";
  return new EncoderError("subtitle_not_utf8", {
    message: `The subtitle file ${name} is not in ${encoding}${where}.`,
    hint: subtitleHint,
  });
}

function withLineFeeds(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
}
