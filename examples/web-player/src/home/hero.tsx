import { logoOf, type Title } from "../artwork/artwork.ts";
import { Icon } from "../artwork/icon.tsx";
import { Picture } from "../artwork/picture.tsx";
import { Link } from "../routes/link.tsx";
import { titlePath, watchPath } from "../routes/route.ts";
import { MyListButton } from "../title/my-list-button.tsx";
import { TitleFacts } from "../title/title-facts.tsx";
import styles from "./hero.module.css";

interface Props {
  title: Title;
  reason?: string | undefined;
  progress: number | undefined;
  onMyList: boolean;
  onChange: () => void;
}

/** The first screen: one title, as large as it deserves. */
export function Hero({ title, reason, progress, onMyList, onChange }: Props) {
  return (
    <section className={styles.hero} aria-label={title.title}>
      <div className={styles.picture}>
        <Picture title={title} shape="backdrop" eager />
      </div>
      <div className={styles.words}>
        {reason && <p className={styles.reason}>{reason}</p>}
        <HeroName title={title} />
        <TitleFacts title={title} />
        {title.synopsis && <p className={styles.synopsis}>{title.synopsis}</p>}
        <div className={styles.actions}>
          {title.kind !== "series" && title.playable && (
            <Link href={watchPath(title.id)} className="button primary">
              <Icon name="play" />
              {progress === undefined ? "Play" : "Resume"}
            </Link>
          )}
          <Link href={titlePath(title.id)} className="button">
            <Icon name="info" />
            More info
          </Link>
          <MyListButton title={title} onMyList={onMyList} onChange={onChange} />
        </div>
      </div>
    </section>
  );
}

/** From here on a name would fill the screen in the size of the others. */
const longName = 24;

function HeroName({ title }: { title: Title }) {
  const logo = logoOf(title);
  return (
    <h1 className={styles.name} data-long={title.title.length > longName}>
      {logo ? <img src={logo.url} alt={title.title} className={styles.logo} /> : title.title}
    </h1>
  );
}
