import { useEffect, useState } from "react";
import type { Title } from "../artwork/artwork.ts";
import { Icon } from "../artwork/icon.tsx";
import { navigate } from "../routes/history.ts";
import { Link } from "../routes/link.tsx";
import { watchPath } from "../routes/route.ts";
import { episodeNumber } from "../title/facts.ts";
import type { PlaybackSession } from "./playback.ts";
import styles from "./player.module.css";

interface Props {
  title: Title;
  next: PlaybackSession["next_episode"];
  /** The credits play. */
  offerNext: boolean;
  ended: boolean;
  onReplay: () => void;
}

/** The credits of an episode offer the next one, and the end goes on to it; a film ends here. */
export function EndPanel({ title, next, offerNext, ended, onReplay }: Props) {
  if (next && (ended || offerNext)) return <NextCard next={next} counting={ended} />;
  if (!ended) return null;
  return (
    <section className={styles.end} aria-label="The end">
      <p className={styles.endTitle}>{title.title}</p>
      <div className={styles.endActions}>
        <button type="button" className="button primary" onClick={onReplay}>
          <Icon name="rewind" />
          Watch again
        </button>
        <Link href="/browse" className="button">
          Back to home
        </Link>
      </div>
    </section>
  );
}

const countdownSeconds = 8;

function NextCard({ next, counting }: { next: NonNullable<Props["next"]>; counting: boolean }) {
  const [left, setLeft] = useState(countdownSeconds);
  const [stayed, setStayed] = useState(false);
  useEffect(() => {
    if (!counting || stayed) return undefined;
    if (left === 0) navigate(watchPath(next.id), { replace: true });
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [counting, stayed, left, next.id]);
  return (
    <section className={styles.next} aria-label="Next episode">
      <p>{counting && !stayed ? `Next episode in ${left}` : "Next episode"}</p>
      <h2>
        {episodeNumber(next)} {next.title}
      </h2>
      <div className={styles.endActions}>
        <Link href={watchPath(next.id)} className="button primary">
          <Icon name="play" />
          Play now
        </Link>
        {counting && !stayed && (
          <button type="button" className="button" onClick={() => setStayed(true)}>
            Not now
          </button>
        )}
      </div>
    </section>
  );
}
