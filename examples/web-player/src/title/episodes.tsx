import { useState } from "react";
import type { Title } from "../artwork/artwork.ts";
import { Picture } from "../artwork/picture.tsx";
import { ProgressBar } from "../home/title-card.tsx";
import { Link } from "../routes/link.tsx";
import { titlePath, watchPath } from "../routes/route.ts";
import { formatDuration } from "./facts.ts";
import styles from "./title-page.module.css";

export function Episodes({ episodes, progress }: { episodes: Title[]; progress: Map<string, number> }) {
  const seasons = [...new Set(episodes.map(({ episode }) => episode?.season_number ?? 0))];
  const [season, setSeason] = useState(seasons[0]);
  const shown = episodes.filter(({ episode }) => (episode?.season_number ?? 0) === season);
  return (
    <section className={styles.episodes} aria-labelledby="episodes-heading">
      <div className={styles.episodesHead}>
        <h2 id="episodes-heading">Episodes</h2>
        {seasons.length > 1 && (
          <label className={`field ${styles.season}`}>
            <span className="visually-hidden">Season</span>
            <select value={season} onChange={(event) => setSeason(Number(event.target.value))}>
              {seasons.map((number) => (
                <option key={number} value={number}>
                  {number === 0 ? "Specials" : `Season ${number}`}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <ol>
        {shown.map((title) => (
          <li key={title.id}>
            <EpisodeLine title={title} progress={progress.get(title.id)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function EpisodeLine({ title, progress }: { title: Title; progress: number | undefined }) {
  const { duration_seconds: seconds, episode } = title;
  return (
    <Link href={title.playable ? watchPath(title.id) : titlePath(title.id)} className={styles.episode}>
      <div className={styles.still}>
        <Picture title={title} shape="wide" />
        {progress !== undefined && <ProgressBar progress={progress} />}
      </div>
      <div>
        <h3>
          {episode && `${episode.episode_number}. `}
          {title.title}
        </h3>
        <p>
          {seconds !== undefined && `${formatDuration(seconds)}. `}
          {title.synopsis}
        </p>
      </div>
    </Link>
  );
}
