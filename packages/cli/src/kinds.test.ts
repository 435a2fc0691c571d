import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maturityRating } from "./commands/titles/ratings.ts";
import { country, httpUrl, id, integer, languageTag, money, time } from "./kinds.ts";
import { nearest } from "./nearest.ts";
import { moneyText } from "./wording.ts";

const titleId = "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr";

describe("kinds", () => {
  test.for([
    { kind: integer(0, 10), good: { "7": 7, "+0": 0 }, bad: ["11", "-1", "1.5", "1e1", "", " 1", "0x1"] },
    { kind: id("ttl"), good: { [titleId]: titleId }, bad: ["ttl_", titleId.replace("ttl", "acc"), "../x"] },
    { kind: languageTag, good: { "pt-BR": "pt-BR" }, bad: ["english", "e", "en_US"] },
    { kind: country, good: { us: "US" }, bad: ["USA", "1"] },
    {
      kind: time,
      good: {
        "2026-11-22": "2026-11-22T00:00:00.000Z",
        "2026-11-22T10:30:00+01:00": "2026-11-22T09:30:00.000Z",
      },
      bad: ["2026-13-01", "yesterday", "11/22/2026"],
    },
    {
      kind: httpUrl,
      good: { "https://flix.example/": "https://flix.example" },
      bad: ["flix.example", "file:///x", "http://a:b@c", "http://c/?q"],
    },
    {
      kind: money,
      good: {
        "9.99USD": { amount: 999, currency: "USD" },
        "500 JPY": { amount: 500, currency: "JPY" },
        "0.5EUR": { amount: 50, currency: "EUR" },
      },
      bad: ["9.99", "USD9.99", "5.5JPY", "-1USD", "9.999USD"],
    },
  ])("$kind.expects", ({ kind, good, bad }) => {
    for (const [word, value] of Object.entries(good)) expect(kind.parse(word)).toEqual(value);
    for (const word of bad) expect(kind.parse(word)).toBeUndefined();
  });

  test("an amount is read back as it is written, in any currency", () => {
    const currency = fc.constantFrom("USD", "JPY", "KWD", "EUR", "CLP");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), currency, (amount, code) => {
        expect(money.parse(moneyText({ amount, currency: code }))).toEqual({ amount, currency: code });
      }),
    );
  });

  test.for([
    ["PG-13", { system: "MPA", country: "US", value: "PG-13", minimum_age: 13 }],
    ["fsk:12", { system: "FSK", country: "DE", value: "12", minimum_age: 12 }],
    ["12A", { system: "BBFC", country: "GB", value: "12A", minimum_age: 12 }],
    ["EIRIN:JP:R15+:15", { system: "EIRIN", country: "JP", value: "R15+", minimum_age: 15 }],
    ["XXX", undefined],
    ["MPA:12A", undefined],
    ["EIRIN:JP:R15+:150", undefined],
    ["a:b:c", undefined],
    ["constructor", undefined],
  ] as const)("the rating %s", ([word, rating]) => {
    expect(maturityRating.parse(word)).toEqual(rating);
  });
});

describe("nearest", () => {
  test.for([
    ["titel", ["titles", "users"], "titles"],
    ["listTitels", ["listTitles", "listPlans"], "listTitles"],
    ["xyz", ["titles", "users"], undefined],
  ] as const)("%s", ([word, known, meant]) => {
    expect(nearest(word, known)).toBe(meant);
  });

  test("a known word is nearest to itself, whatever else is known", () => {
    const words = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, (known) => {
        for (const word of known) expect(nearest(word, known)?.toLowerCase()).toBe(word.toLowerCase());
      }),
    );
  });
});
