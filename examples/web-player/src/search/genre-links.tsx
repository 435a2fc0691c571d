import type { Item } from "@flix/sdk";
import { Link } from "../routes/link.tsx";
import { searchPath } from "../routes/route.ts";
import { genreName } from "../title/facts.ts";
import { genreOf, genreQuery } from "./query.ts";
import styles from "./search-page.module.css";

interface Props {
  genres: Item<"listGenres">[];
  q: string;
  language: string;
}

export function GenreLinks({ genres, q, language }: Props) {
  const filled = genres.filter(({ title_count: count }) => count > 0);
  if (filled.length === 0) return null;
  return (
    <nav aria-label="Genres">
      <ul className={styles.genres}>
        {filled.map(({ slug, names }) => {
          const current = genreOf(q) === slug;
          return (
            <li key={slug}>
              <Link
                href={searchPath(current ? "" : genreQuery(slug))}
                className={current ? "button primary" : "button"}
                aria-current={current ? "true" : undefined}
              >
                {names[language] ?? names["en"] ?? genreName(slug)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
