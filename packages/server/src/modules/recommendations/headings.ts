/** Row headings by language; another language reads English, and the page says so in `language`. */
interface Headings {
  continueWatching: string;
  myList: string;
  popular: string;
  new: string;
  because: (title: string) => string;
}

const english: Headings = {
  continueWatching: "Continue watching",
  myList: "My list",
  popular: "Popular now",
  new: "New",
  because: (title) => `Because you watched ${title}`,
};

const byLanguage: Record<string, Headings> = {
  en: english,
  de: {
    continueWatching: "Weiterschauen",
    myList: "Meine Liste",
    popular: "Gerade beliebt",
    new: "Neu",
    because: (title) => `Weil du ${title} gesehen hast`,
  },
  es: {
    continueWatching: "Seguir viendo",
    myList: "Mi lista",
    popular: "Popular ahora",
    new: "Novedades",
    because: (title) => `Porque viste ${title}`,
  },
  fr: {
    continueWatching: "Reprendre",
    myList: "Ma liste",
    popular: "En ce moment",
    new: "Nouveautés",
    because: (title) => `Parce que vous avez regardé ${title}`,
  },
  pt: {
    continueWatching: "Continuar assistindo",
    myList: "Minha lista",
    popular: "Populares agora",
    new: "Novidades",
    because: (title) => `Porque você assistiu a ${title}`,
  },
};

/** The headings for a BCP 47 tag, and the language that they are in. */
export function headingsFor(languageTag: string): { language: string; headings: Headings } {
  const [language = "en"] = languageTag.toLowerCase().split("-");
  const headings = byLanguage[language];
  return headings ? { language, headings } : { language: "en", headings: english };
}

/** A genre's slug as words: `science-fiction` reads "Science fiction". */
export function genreHeading(slug: string): string {
  const words = slug.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
