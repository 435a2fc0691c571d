import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchWords } from "./search-words.ts";

describe("searchWords", () => {
  it("drops case, accents and punctuation", () => {
    expect(searchWords("Le Fabuleux Destin d’Amélie—Poulain!")).toEqual([
      "le",
      "fabuleux",
      "destin",
      "d",
      "amelie",
      "poulain",
    ]);
    expect(searchWords("«…»")).toEqual([]);
  });

  it("tells the words of other scripts apart, in ASCII", () => {
    const words = searchWords("Москва масква Αθήνα");
    expect(new Set(words).size).toBe(3);
    expect(words.every((word) => /^[a-z0-9]+$/.test(word))).toBe(true);
    expect(searchWords("Αθηνα")).toEqual(words.slice(2));
  });

  it("takes each character for a word where a script has no spaces", () => {
    const title = searchWords("千と千尋の神隠し");
    expect(title).toHaveLength(8);
    expect(searchWords("千尋").every((word) => title.includes(word))).toBe(true);
  });

  it("gives the same words again for its own words, and never an empty one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const words = searchWords(text);
        expect(words.every((word) => /^[\p{L}\p{N}]+$/u.test(word))).toBe(true);
        expect(searchWords(words.join(" "))).toEqual(words);
      }),
    );
  });
});
