/** The viewer's languages that are language tags; browsers pass on what the system says, such as `en-US@posix`. */
export function viewerLanguages(tags: readonly string[] = navigator.languages): string[] {
  return tags.filter(isLanguageTag);
}

export function viewerLanguage(tags?: readonly string[]): string {
  return viewerLanguages(tags)[0] ?? "en";
}

export function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
