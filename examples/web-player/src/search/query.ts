const prefix = "genre:";

/** What the box holds, as the catalog takes it: free text (at most 200 characters), or `genre:animation`. */
export function queryOf(text: string): { q?: string; genre?: string } {
  const genre = genreOf(text);
  if (genre !== undefined) return { genre };
  return text === "" ? {} : { q: text.slice(0, 200) };
}

export function genreOf(text: string): string | undefined {
  const slug = text.startsWith(prefix) ? text.slice(prefix.length) : "";
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) ? slug : undefined;
}

export function genreQuery(slug: string): string {
  return prefix + slug;
}
