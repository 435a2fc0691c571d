import type { Title } from "../artwork/artwork.ts";
import { TitleCard } from "./title-card.tsx";
import styles from "./title-grid.module.css";

export function TitleGrid({ titles }: { titles: Title[] }) {
  return (
    <ul className={styles.grid}>
      {titles.map((title) => (
        <li key={title.id}>
          <TitleCard title={title} />
        </li>
      ))}
    </ul>
  );
}

/** The shape of the titles to come. */
export function WaitingGrid() {
  return (
    <div className={styles.grid} role="status" aria-label="Loading">
      {[1, 2, 3, 4, 5, 6].map((card) => (
        <div key={card} className={`skeleton ${styles.wait}`} />
      ))}
    </div>
  );
}
