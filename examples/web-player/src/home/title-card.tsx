import { Icon } from "../artwork/icon.tsx";
import { Picture } from "../artwork/picture.tsx";
import { Link } from "../routes/link.tsx";
import { titlePath } from "../routes/route.ts";
import { factsOf } from "../title/facts.ts";
import type { CardItem } from "./rows.ts";
import styles from "./title-card.module.css";

export function TitleCard({ title, reason, progress }: CardItem) {
  return (
    <Link href={titlePath(title.id)} className={styles.card} aria-label={title.title}>
      <div className={styles.picture}>
        <Picture title={title} shape="wide" />
        <span className={styles.play}>
          <Icon name="play" />
        </span>
        {progress !== undefined && <ProgressBar progress={progress} />}
      </div>
      <p className={styles.name}>{title.title}</p>
      <p className={styles.facts}>{reason ?? factsOf(title).slice(0, 3).join(" · ")}</p>
    </Link>
  );
}

export function ProgressBar({ progress }: { progress: number }) {
  return (
    <span className={styles.progress}>
      <span style={{ width: `${Math.round(progress * 100)}%` }} />
      <span className="visually-hidden">{Math.round(progress * 100)} % watched</span>
    </span>
  );
}
