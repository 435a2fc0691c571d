import { expect, test } from "vitest";
import { viewerLanguage, viewerLanguages } from "../language.ts";
import { countryOptions, likelyCountry } from "./countries.ts";

test("Countries are listed in the viewer's language and its order", () => {
  const german = countryOptions("de");
  expect(german).toContainEqual({ code: "AT", name: "Österreich" });
  const names = german.map(({ name }) => name);
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "de")));
  for (const { code } of german) expect(code).toMatch(/^[A-Z]{2}$/);
});

test("The first language with a country is a first guess", () => {
  expect(likelyCountry(["en", "de-AT", "en-US"])).toBe("AT");
  expect(likelyCountry(["en"])).toBe("US");
});

test("What a browser says that is no language tag is not used", () => {
  expect(viewerLanguages(["en-US@posix", "de"])).toEqual(["de"]);
  expect(viewerLanguage(["C", "en-US@posix"])).toBe("en");
});
