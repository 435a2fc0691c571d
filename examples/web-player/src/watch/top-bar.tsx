import type { Title } from "../artwork/artwork.ts";
import { Icon } from "../artwork/icon.tsx";
import { Link } from "../routes/link.tsx";
import { titlePath } from "../routes/route.ts";
import { episodeNumber } from "../title/facts.ts";
import styles from "./player.module.css";

export function TopBar({ title }: { title: Title }) {
  return (
    <header className={styles.top}>
      <Link
        href={titlePath(title.episode?.series_id ?? title.id)}
        className={styles.control}
        aria-label="Back"
      >
        <Icon name="back" />
      </Link>
      <div>
        <h1 className={styles.title}>{title.title}</h1>
        {title.episode && <p className={styles.subtitle}>{episodeNumber(title.episode)}</p>}
      </div>
    </header>
  );
}
