import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { formatClock } from "../title/facts.ts";
import { ScrubPreview } from "./scrub-preview.tsx";
import styles from "./scrub-bar.module.css";
import type { Thumbnail } from "./thumbnails.ts";
import type { MediaView } from "./use-media.ts";

interface Props {
  media: MediaView;
  thumbnails: Thumbnail[];
  rewrite: (url: string) => string;
  onSeek: (seconds: number) => void;
}

/** Where the film is. Pointing shows what is there, and pressing goes there when it is let go. */
export function ScrubBar({ media, thumbnails, rewrite, onSeek }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number>();
  const [dragging, setDragging] = useState(false);
  const { currentSeconds, durationSeconds, bufferedSeconds } = media;
  const secondsAt = ({ clientX }: PointerEvent) => {
    const { left = 0, width = 1 } = bar.current?.getBoundingClientRect() ?? {};
    return Math.min(1, Math.max(0, (clientX - left) / width)) * durationSeconds;
  };
  const shown = dragging && pointed !== undefined ? pointed : currentSeconds;
  const press = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragging(true);
    setPointed(secondsAt(event));
  };
  const release = (event: PointerEvent<HTMLDivElement>) => {
    if (!dragging) return;
    setDragging(false);
    onSeek(secondsAt(event));
    // A finger leaves nothing behind that points.
    if (event.pointerType === "touch") setPointed(undefined);
  };
  const onKey = ({ key }: KeyboardEvent) => {
    if (key === "Home") onSeek(0);
    if (key === "End") onSeek(durationSeconds);
  };
  const share = (seconds: number) => `${durationSeconds > 0 ? (seconds / durationSeconds) * 100 : 0}%`;
  return (
    <div className={styles.row}>
      <span className={styles.time}>{formatClock(shown)}</span>
      <div
        ref={bar}
        className={styles.bar}
        role="slider"
        tabIndex={0}
        aria-label="Position"
        aria-valuemin={0}
        aria-valuemax={Math.round(durationSeconds)}
        aria-valuenow={Math.round(shown)}
        aria-valuetext={`${formatClock(shown)} of ${formatClock(durationSeconds)}`}
        onKeyDown={onKey}
        onPointerDown={press}
        onPointerUp={release}
        onPointerMove={(event) => setPointed(secondsAt(event))}
        onPointerLeave={() => !dragging && setPointed(undefined)}
        onPointerCancel={() => setDragging(false)}
      >
        <div className={styles.track}>
          <div className={styles.buffered} style={{ width: share(bufferedSeconds) }} />
          <div className={styles.played} style={{ width: share(shown) }} />
        </div>
        <div className={styles.knob} style={{ left: share(shown) }} />
        {pointed !== undefined && (
          <ScrubPreview seconds={pointed} place={share(pointed)} thumbnails={thumbnails} rewrite={rewrite} />
        )}
      </div>
      <span className={styles.time}>{formatClock(durationSeconds)}</span>
    </div>
  );
}
