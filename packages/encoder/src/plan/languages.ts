import { EncoderError } from "../errors.ts";

/** BCP 47 in its canonical form: `eng` becomes `en`, `FRE` becomes `fr`, `pt-br` becomes `pt-BR`. */
export function canonicalLanguage(tag: string): string | null {
  try {
    const canonical = Intl.getCanonicalLocales(tag.trim())[0];
    // The contract's LanguageTag, which is also what a packager's command line can carry without quoting.
    return canonical !== undefined && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(canonical)
      ? canonical
      : null;
  } catch {
    return null;
  }
}

export function requireLanguage(tag: string): string {
  const language = canonicalLanguage(tag);
  if (language !== null) return language;
  throw new EncoderError("language_not_valid", {
    message: `"${tag}" is not a language tag.`,
    hint: "Use a BCP 47 tag, such as en, fr or pt-BR.",
  });
}

/** How the language calls itself ("français"), for the menu of a player. */
export function languageName(tag: string): string {
  if (tag === "und") return "Original";
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  // A comma would end the field in the packager's stream descriptor.
  return name.replaceAll(",", " ");
}
