import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fallbacks, localise } from "./languages.ts";

const original = { title: "Cidade de Deus", synopsis: "Original" };

describe("localised texts", () => {
  it("fall back from the region to the language, then to the original", () => {
    const metadata = { "pt-BR": { title: "BR" }, pt: { title: "PT", synopsis: "Em português" } };
    expect(localise(original, metadata, "pt-BR")).toEqual({ title: "BR", synopsis: "Em português" });
    expect(localise(original, metadata, "pt-PT")).toEqual({ title: "PT", synopsis: "Em português" });
    expect(localise(original, metadata, "fr")).toEqual(original);
    expect(localise(original, metadata)).toEqual(original);
  });

  it("are found whatever the case of the tag", () => {
    expect(localise(original, { "zh-Hant": { title: "無法無天" } }, "ZH-hant-TW").title).toBe("無法無天");
  });

  it("drop a singleton together with what it announces", () => {
    expect(fallbacks("de-x-film")).toEqual(["de-x-film", "de"]);
  });

  it("only ever fall back to a shorter tag of the same language, and always end", () => {
    const tag = fc
      .array(fc.stringMatching(/^[A-Za-z0-9]{1,8}$/), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join("-"));
    fc.assert(
      fc.property(tag, (language) => {
        const chain = fallbacks(language);
        for (const [index, step] of chain.entries()) {
          expect(language.toLowerCase().startsWith(step)).toBe(true);
          expect(step.length).toBeLessThan(chain[index - 1]?.length ?? Infinity);
        }
        expect(chain.at(-1)).toBe(language.toLowerCase().split("-")[0]);
      }),
    );
  });

  it("answer a text of the map or the original's, never another's", () => {
    const metadata = fc.dictionary(
      fc.constantFrom("en", "en-GB", "fr", "pt-BR"),
      fc.record({ title: fc.string() }),
    );
    fc.assert(
      fc.property(metadata, fc.constantFrom("en", "en-GB", "en-US", "fr", "de"), (map, language) => {
        const { title } = localise(original, map, language);
        const allowed = [map[language]?.title, map[language.slice(0, 2)]?.title, original.title];
        expect(title).toBe(allowed.find((candidate) => candidate !== undefined));
      }),
    );
  });
});
