import type { MediaEvent, PlayerEvents } from "./player-events.ts";

const mediaEvents: MediaEvent[] = ["playing", "waiting", "pause", "seeking", "seeked", "ended"];
const heartbeatMs = 30_000;

/** Feeds the player's events from a video element, until the answered function is called. */
export function observeVideo(video: HTMLVideoElement, events: PlayerEvents): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  for (const type of mediaEvents) {
    video.addEventListener(
      type,
      () => {
        const ready = video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
        events.notice(type, { paused: video.paused, ready });
      },
      { signal },
    );
  }
  // `playing` says that frames may come; the callback, that one is on the screen.
  const awaitFrame = () => void video.requestVideoFrameCallback(() => events.firstFrame());
  const onPlaying = "requestVideoFrameCallback" in video ? awaitFrame : () => events.firstFrame();
  video.addEventListener("playing", onPlaying, { signal, once: true });
  const timer = setInterval(() => events.heartbeat(), heartbeatMs);
  signal.addEventListener("abort", () => clearInterval(timer));
  return () => abort.abort();
}
