import { listGenres } from "@flix/sdk";
import { Icon } from "../artwork/icon.tsx";
import { TitleGrid, WaitingGrid } from "../home/title-grid.tsx";
import { useLoad } from "../load.ts";
import { ProblemPanel } from "../problem/problem-panel.tsx";
import { navigate } from "../routes/history.ts";
import { usePageTitle } from "../routes/page-title.ts";
import { searchPath } from "../routes/route.ts";
import { useViewer } from "../session/session.tsx";
import { findTitles } from "./find-titles.ts";
import { GenreLinks } from "./genre-links.tsx";
import styles from "./search-page.module.css";

/** Answers while one types; without a word, the newest titles. `genre:` narrows to a genre. */
export function SearchPage({ q }: { q: string }) {
  const { client, profile } = useViewer();
  const asked = q.trim();
  usePageTitle("Search");
  const genres = useLoad("genres", (signal) => listGenres(client, {}, { signal }));
  const found = useLoad(asked, async (signal) => {
    await pauseInTyping(signal);
    return findTitles(client, { asked, language: profile.language }, signal);
  });
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">Search</h1>
      <label className={styles.box}>
        <Icon name="search" />
        <span className="visually-hidden">Search titles and people</span>
        <input
          type="search"
          value={q}
          onChange={(event) => navigate(searchPath(event.target.value), { replace: true })}
          placeholder="Titles, people"
          autoFocus
          enterKeyHint="search"
        />
      </label>
      {genres.state === "ready" && (
        <GenreLinks genres={genres.value.data} q={asked} language={profile.language} />
      )}
      {found.state === "failed" && <ProblemPanel error={found.error} onRetry={found.reload} />}
      {found.state === "loading" && <WaitingGrid />}
      {found.state === "ready" && (
        <>
          <p className="visually-hidden" role="status">
            {found.value.length === 1 ? "1 title" : `${found.value.length} titles`}
          </p>
          {found.value.length === 0 && <Nothing q={asked} />}
          <TitleGrid titles={found.value} />
        </>
      )}
    </div>
  );
}

function Nothing({ q }: { q: string }) {
  return (
    <div className={styles.nothing}>
      <h2>Nothing found{q !== "" && ` for “${q}”`}</h2>
      <p>Try another spelling, a person of the cast, or a genre.</p>
    </div>
  );
}

/** Each letter starts a search and aborts the one before; this much quiet lets most of them end before they are sent. */
function pauseInTyping(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 180);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("another search"));
    });
  });
}
