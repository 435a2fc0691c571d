/**
 * The words of a text as search compares them; titles and queries both go through here. Case goes, and so do the
 * accents that stand apart from their letter; PostgreSQL's unaccent does the Latin letters that do not (ø, ß, æ).
 *
 * pg_trgm only sees letters that the database's locale knows, and in the C locale that is ASCII: letters of other
 * scripts are written as two ASCII characters, so that search is the same on every database.
 */
export function searchWords(text: string): string[] {
  const folded = text
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase();
  return folded
    .replaceAll(unspacedScript, (letter) => ` ${encode(letter, 3)} `)
    .replaceAll(otherScript, (letter) => encode(letter, 2))
    .split(separator)
    .filter((word) => word !== "");
}

/** Scripts that put no space between words: each character counts as a word. */
const unspacedScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const otherScript = /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/gu;
const separator = /[^\p{L}\p{N}]+/u;

/**
 * A letter as base 36 digits. The factor, prime to 36, spreads neighbours in the code table over all digits: trigrams
 * would hardly tell the letters of one alphabet apart if they began alike.
 */
function encode(letter: string, digits: 2 | 3): string {
  const code = ((letter.codePointAt(0) ?? 0) * 485) % 36 ** digits;
  return code.toString(36).padStart(digits, "0");
}
