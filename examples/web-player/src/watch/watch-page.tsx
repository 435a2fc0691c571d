import { useState } from "react";
import { createPlaybackSession, getTitle, type FlixError } from "@flix/sdk";
import { ActiveStreams } from "../account/active-streams.tsx";
import { useLoad } from "../load.ts";
import { ProblemPanel } from "../problem/problem-panel.tsx";
import { Link } from "../routes/link.tsx";
import { usePageTitle } from "../routes/page-title.ts";
import { titlePath } from "../routes/route.ts";
import { useViewer } from "../session/session.tsx";
import { Splash } from "../shell/splash.tsx";
import { thisDevice } from "./device.ts";
import { afterFarewell } from "./farewell.ts";
import { Player } from "./player.tsx";
import styles from "./watch-page.module.css";

/** Asks the platform for a session, then plays it; `intentMs` is when the viewer asked. */
export function WatchPage({ titleId }: { titleId: string }) {
  const { client, profile } = useViewer();
  const [attempt, setAttempt] = useState(() => ({ count: 0, intentMs: performance.now() }));
  const again = () => setAttempt(({ count }) => ({ count: count + 1, intentMs: performance.now() }));
  const started = useLoad(`${titleId} ${attempt.count}`, async (signal) => {
    await afterFarewell();
    const body = { profile_id: profile.id, title_id: titleId, device: thisDevice() };
    const [session, title] = await Promise.all([
      createPlaybackSession(client, { body }, { signal }),
      getTitle(client, { title_id: titleId, language: profile.language }, { signal }),
    ]);
    return { session, title };
  });
  usePageTitle(started.state === "ready" ? started.value.title.title : undefined);
  if (started.state === "loading") return <Splash />;
  if (started.state === "failed") return <Refused error={started.error} titleId={titleId} onRetry={again} />;
  const { session, title } = started.value;
  return (
    <Player key={session.id} session={session} title={title} intentMs={attempt.intentMs} onRestart={again} />
  );
}

interface RefusedProps {
  error: FlixError;
  titleId: string;
  onRetry: () => void;
}

function Refused({ error, titleId, onRetry }: RefusedProps) {
  return (
    <main className={styles.refused}>
      <Link href={titlePath(titleId)} className="button">
        Back
      </Link>
      <ProblemPanel error={error} onRetry={onRetry}>
        {error.code === "stream_limit_reached" && <ActiveStreams onStopped={onRetry} />}
      </ProblemPanel>
    </main>
  );
}
