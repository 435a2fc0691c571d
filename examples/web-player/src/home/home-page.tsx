import { getHome } from "@flix/sdk";
import { useLoad } from "../load.ts";
import { ProblemPanel } from "../problem/problem-panel.tsx";
import { useViewer } from "../session/session.tsx";
import { afterFarewell } from "../watch/farewell.ts";
import { Hero } from "./hero.tsx";
import styles from "./home-page.module.css";
import { HomeSkeleton } from "./home-skeleton.tsx";
import { isOnMyList, isYoung, pickHero, progressOf, type Home } from "./rows.ts";
import { TitleRow } from "./title-row.tsx";

export function HomePage() {
  const { client, profile } = useViewer();
  const home = useLoad(profile.id, async (signal) => {
    await afterFarewell();
    return getHome(client, { profile_id: profile.id }, { signal });
  });
  if (home.state === "loading") return <HomeSkeleton />;
  if (home.state === "failed") return <ProblemPanel error={home.error} onRetry={home.reload} />;
  return <Rows home={home.value} onChange={home.reload} />;
}

function Rows({ home, onChange }: { home: Home; onChange: () => void }) {
  const { profile } = useViewer();
  const hero = pickHero(home);
  if (!hero) return <EmptyHome name={profile.name} />;
  const { title } = hero;
  const young = isYoung(home);
  return (
    <div lang={home.language}>
      <Hero
        title={title}
        reason={hero.reason}
        progress={progressOf(home).get(title.id)}
        onMyList={isOnMyList(home, title.id)}
        onChange={onChange}
      />
      <div className={styles.rows}>
        {home.rows.map((row, index) => (
          <TitleRow
            key={row.id}
            id={row.id}
            heading={row.title}
            items={row.items}
            more={young && index === home.rows.length - 1}
          />
        ))}
      </div>
    </div>
  );
}

/** A platform before its first film. */
function EmptyHome({ name }: { name: string }) {
  return (
    <section className={styles.empty}>
      <h1>The screen is yours, {name}.</h1>
      <p>Nothing has been published yet. The first film shows up here the moment it is.</p>
    </section>
  );
}
