import { useRef, useState } from "react";
import type { Title } from "../artwork/artwork.ts";
import { artworkFor } from "../artwork/artwork.ts";
import { Icon } from "../artwork/icon.tsx";
import { ProblemPanel } from "../problem/problem-panel.tsx";
import { navigate } from "../routes/history.ts";
import { watchPath } from "../routes/route.ts";
import { Controls } from "./controls.tsx";
import { EndPanel } from "./end-panel.tsx";
import { nextEpisodeFrom, skippableAt } from "./markers.ts";
import type { PlaybackSession } from "./playback.ts";
import styles from "./player.module.css";
import { SkipButton } from "./skip-button.tsx";
import { TopBar } from "./top-bar.tsx";
import { useCommands } from "./use-commands.ts";
import { useIdle } from "./use-idle.ts";
import { useMedia } from "./use-media.ts";
import { useMediaSession } from "./use-media-session.ts";
import { usePlayback } from "./use-playback.ts";
import { useThumbnails } from "./use-thumbnails.ts";

interface Props {
  session: PlaybackSession;
  title: Title;
  intentMs: number;
  onRestart: () => void;
}

export function Player({ session, title, intentMs, onRestart }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const view = usePlayback(video, text, session, intentMs);
  const media = useMedia(video, session.duration_seconds);
  const thumbnails = useThumbnails(session, view.playback);
  const [menuOpen, setMenuOpen] = useState(false);
  const idle = useIdle(stage, media.paused || menuOpen) && !media.ended;
  const next = session.next_episode;
  const goNext = next && (() => navigate(watchPath(next.id)));
  const { currentSeconds, durationSeconds } = media;
  const skippable = skippableAt(session.markers, currentSeconds, durationSeconds);
  const run = useCommands({ stage, video, view, goNext, skippable });
  useMediaSession(title, artworkFor(title, "backdrop")?.url, run);
  if (view.failure) {
    return (
      <main className={styles.stage}>
        <TopBar title={title} />
        <ProblemPanel error={view.failure} onRetry={onRestart} retryLabel="Continue watching" />
      </main>
    );
  }
  return (
    <main ref={stage} className={styles.stage} data-idle={idle} aria-label={`Player: ${title.title}`}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- the engine adds the film's own text tracks. */}
      <video
        ref={video}
        className={styles.video}
        playsInline
        onClick={() => run({ do: "toggle-play" })}
        onDoubleClick={() => run({ do: "toggle-fullscreen" })}
      />
      <div className={styles.shade} data-ended={media.ended} />
      <div ref={text} className={styles.text} />
      {media.waiting && !view.blocked && (
        <div className={styles.spinner} role="status" aria-label="Buffering" />
      )}
      {view.blocked && (
        <button
          type="button"
          className={styles.bigPlay}
          onClick={() => void view.playback?.play()}
          aria-label="Play"
        >
          <Icon name="play" />
        </button>
      )}
      <div className={styles.overlay}>
        <TopBar title={title} />
        <Controls
          media={media}
          view={view}
          session={session}
          thumbnails={thumbnails}
          onCommand={run}
          onMenu={setMenuOpen}
        />
      </div>
      {skippable && !view.blocked && (
        <SkipButton marker={skippable} onSkip={() => run({ do: "skip-marker" })} />
      )}
      <EndPanel
        title={title}
        next={next}
        offerNext={currentSeconds >= nextEpisodeFrom(session.markers, durationSeconds)}
        ended={media.ended}
        onReplay={() => run({ do: "jump", fraction: 0 })}
      />
    </main>
  );
}
