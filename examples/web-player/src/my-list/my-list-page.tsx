import { listMyList, pages } from "@flix/sdk";
import type { Title } from "../artwork/artwork.ts";
import { TitleGrid, WaitingGrid } from "../home/title-grid.tsx";
import { useLoad } from "../load.ts";
import { ProblemPanel } from "../problem/problem-panel.tsx";
import { Link } from "../routes/link.tsx";
import { usePageTitle } from "../routes/page-title.ts";
import { useViewer } from "../session/session.tsx";
import styles from "./my-list-page.module.css";

/** What the profile has kept for later, the last first. */
export function MyListPage() {
  const { client, profile } = useViewer();
  usePageTitle("My list");
  const list = useLoad(profile.id, async (signal) => {
    const titles: Title[] = [];
    for await (const { title } of pages(client, listMyList, { profile_id: profile.id }, { signal })) {
      titles.push(title);
    }
    return titles;
  });
  if (list.state === "failed") return <ProblemPanel error={list.error} onRetry={list.reload} />;
  return (
    <section className={styles.page}>
      <h1>My list</h1>
      {list.state === "loading" && <WaitingGrid />}
      {list.state === "ready" && list.value.length > 0 && <TitleGrid titles={list.value} />}
      {list.state === "ready" && list.value.length === 0 && (
        <div className={styles.empty}>
          <p>Nothing here yet. The plus on a title keeps it for later.</p>
          <Link href="/browse" className="button primary">
            Find something
          </Link>
        </div>
      )}
    </section>
  );
}
