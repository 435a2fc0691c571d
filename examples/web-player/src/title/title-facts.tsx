import type { Title } from "../artwork/artwork.ts";
import { factsOf } from "./facts.ts";
import styles from "./title-facts.module.css";

/** Year, rating, length, genres: one quiet line. */
export function TitleFacts({ title }: { title: Title }) {
  const { maturity } = title;
  return (
    <ul className={styles.facts}>
      {maturity && (
        <li className={styles.rating} title={`${maturity.system}, ${maturity.country}`}>
          {maturity.value}
        </li>
      )}
      {factsOf(title).map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}
