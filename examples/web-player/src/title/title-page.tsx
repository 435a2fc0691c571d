import { artworkFor, type Title } from "../artwork/artwork.ts";
import { Icon } from "../artwork/icon.tsx";
import { Picture } from "../artwork/picture.tsx";
import { TitleRow } from "../home/title-row.tsx";
import { HomeSkeleton } from "../home/home-skeleton.tsx";
import { useLoad } from "../load.ts";
import { ProblemPanel } from "../problem/problem-panel.tsx";
import { Link } from "../routes/link.tsx";
import { usePageTitle } from "../routes/page-title.ts";
import { titlePath, watchPath } from "../routes/route.ts";
import { useViewer } from "../session/session.tsx";
import { CastList } from "./cast-list.tsx";
import { Episodes } from "./episodes.tsx";
import { episodeNumber } from "./facts.ts";
import { loadTitle, type TitleFile } from "./load-title.ts";
import { MyListButton } from "./my-list-button.tsx";
import { RatingButtons } from "./rating-buttons.tsx";
import { TitleFacts } from "./title-facts.tsx";
import styles from "./title-page.module.css";

export function TitlePage({ titleId }: { titleId: string }) {
  const { client, profile } = useViewer();
  const scope = { titleId, profileId: profile.id, language: profile.language };
  const file = useLoad(`${titleId} ${profile.id}`, (signal) => loadTitle(client, scope, signal));
  usePageTitle(file.state === "ready" ? file.value.title.title : undefined);
  if (file.state === "loading") return <HomeSkeleton />;
  if (file.state === "failed") return <ProblemPanel error={file.error} onRetry={file.reload} />;
  return <Sheet file={file.value} />;
}

function Sheet({ file }: { file: TitleFile }) {
  const { title, episodes, similar, progress, onMyList, rating } = file;
  return (
    <article className={styles.page}>
      <div className={styles.picture}>
        <Picture title={picturedBy(file)} shape="backdrop" eager />
      </div>
      <div className={styles.words}>
        {title.episode && (
          <Link href={titlePath(title.episode.series_id)} className={styles.series}>
            All episodes
          </Link>
        )}
        <h1 className={styles.name}>{title.title}</h1>
        <TitleFacts title={title} />
        <div className={styles.actions}>
          <PlayButton file={file} />
          <MyListButton title={title} onMyList={onMyList} onChange={() => undefined} />
          <RatingButtons title={title} rating={rating} />
        </div>
        {title.synopsis && <p className={styles.synopsis}>{title.synopsis}</p>}
        <CastList cast={title.cast} />
      </div>
      {episodes.length > 0 && <Episodes episodes={episodes} progress={progress} />}
      {similar.length > 0 && (
        <TitleRow id="similar" heading="More like this" items={similar.map((title) => ({ title }))} />
      )}
    </article>
  );
}

/** A series without a picture of its own shows one of its episodes. */
function picturedBy({ title, episodes }: TitleFile): Title {
  const pictured = (candidate: Title) => artworkFor(candidate, "backdrop") !== undefined;
  return [title, ...episodes].find(pictured) ?? title;
}

function PlayButton({ file: { title, playable, progress } }: { file: TitleFile }) {
  if (!playable) return <p className={styles.soon}>Coming soon</p>;
  const begun = progress.get(playable.id);
  const label = begun === undefined ? "Play" : "Resume";
  return (
    <div className={styles.play}>
      <Link href={watchPath(playable.id)} className="button primary">
        <Icon name="play" />
        {title.kind === "series" && playable.episode ? `${label} ${episodeNumber(playable.episode)}` : label}
      </Link>
      {begun !== undefined && (
        <span className={styles.begun} role="img" aria-label={`${Math.round(begun * 100)} % watched`}>
          <span style={{ width: `${Math.round(begun * 100)}%` }} />
        </span>
      )}
    </div>
  );
}
