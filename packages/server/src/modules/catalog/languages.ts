import type { components } from "@flix/openapi";

type LocalisedMetadata = components["schemas"]["LocalisedMetadata"];

export interface TitleTexts {
  title: string;
  synopsis: string | undefined;
}

/**
 * The texts in a language: each text of the first entry of pt-BR, pt that has it, else the original's. Tags are
 * looked up as in RFC 4647 section 3.4, without regard to case.
 */
export function localise(original: TitleTexts, metadata: LocalisedMetadata, language?: string): TitleTexts {
  if (language === undefined) return original;
  const entries = new Map(Object.entries(metadata).map(([tag, entry]) => [tag.toLowerCase(), entry]));
  const chosen = fallbacks(language).flatMap((tag) => entries.get(tag) ?? []);
  return {
    title: chosen[0]?.title ?? original.title,
    synopsis: chosen.find(({ synopsis }) => synopsis !== undefined)?.synopsis ?? original.synopsis,
  };
}

/** `zh-Hant-TW`, `zh-Hant`, `zh`; a single letter before the cut, which only announces what follows, goes with it. */
export function fallbacks(language: string): string[] {
  const parts = language.toLowerCase().split("-");
  return parts
    .map((_part, index) => parts.slice(0, parts.length - index))
    .filter((kept) => kept.length === 1 || kept.at(-1)?.length !== 1)
    .map((kept) => kept.join("-"));
}
