import type { Title } from "../../resources.ts";
import type { Kind } from "../../kinds.ts";

type MaturityRating = NonNullable<Title["maturity"]>;

/** The youngest age that each rating admits, as its board words it; the first system wins where a value stands in several. */
const systems: Readonly<Record<string, { country: string; ages: Readonly<Record<string, number>> }>> = {
  MPA: { country: "US", ages: { G: 0, PG: 8, "PG-13": 13, R: 17, "NC-17": 18 } },
  TV: { country: "US", ages: { "TV-Y": 0, "TV-Y7": 7, "TV-G": 0, "TV-PG": 8, "TV-14": 14, "TV-MA": 17 } },
  BBFC: { country: "GB", ages: { U: 0, PG: 8, "12A": 12, "12": 12, "15": 15, "18": 18 } },
  FSK: { country: "DE", ages: { "0": 0, "6": 6, "12": 12, "16": 16, "18": 18 } },
  CNC: { country: "FR", ages: { TP: 0, "10": 10, "12": 12, "16": 16, "18": 18 } },
};

/** `PG-13`, `FSK:12`, or all four facts of another board: `EIRIN:JP:R15+:15`. */
export const maturityRating: Kind<MaturityRating> = {
  parse(word) {
    const parts = word.split(":");
    if (parts.length === 1) return knownRating(undefined, word);
    if (parts.length === 2) return knownRating(parts[0], parts[1] ?? "");
    const [system = "", country = "", value = "", age = ""] = parts;
    const complete =
      parts.length === 4 && system && /^[A-Z]{2}$/.test(country) && value && /^(\d|1\d|2[01])$/.test(age);
    return complete ? { system, country, value, minimum_age: Number(age) } : undefined;
  },
  expects: `must be a rating such as PG-13 or FSK:12 (of ${Object.keys(systems).join(", ")}), or <system>:<country>:<value>:<age>`,
};

function knownRating(asked: string | undefined, value: string): MaturityRating | undefined {
  const sought = value.toUpperCase();
  for (const [system, { country, ages }] of Object.entries(systems)) {
    const minimumAge = ages[sought];
    if (minimumAge === undefined || (asked !== undefined && asked.toUpperCase() !== system)) continue;
    return { system, country, value: sought, minimum_age: minimumAge };
  }
  return undefined;
}
