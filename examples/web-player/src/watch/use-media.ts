import { useEffect, useState, type RefObject } from "react";

/** What a video element is at, as the controls show it. */
export interface MediaView {
  currentSeconds: number;
  durationSeconds: number;
  bufferedSeconds: number;
  paused: boolean;
  waiting: boolean;
  ended: boolean;
  volume: number;
  muted: boolean;
}

const events = [
  "timeupdate",
  "durationchange",
  "progress",
  "play",
  "pause",
  "playing",
  "waiting",
  "seeking",
  "seeked",
  "ended",
  "volumechange",
];

export function useMedia(video: RefObject<HTMLVideoElement | null>, durationSeconds: number): MediaView {
  const [view, setView] = useState<MediaView>({
    currentSeconds: 0,
    durationSeconds,
    bufferedSeconds: 0,
    paused: true,
    waiting: true,
    ended: false,
    volume: 1,
    muted: false,
  });
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    const read = () => setView(viewOf(element, durationSeconds));
    for (const event of events) element.addEventListener(event, read);
    read();
    return () => {
      for (const event of events) element.removeEventListener(event, read);
    };
  }, [video, durationSeconds]);
  return view;
}

function viewOf(video: HTMLVideoElement, durationSeconds: number): MediaView {
  const { currentTime, duration, buffered, paused, ended, volume, muted, readyState } = video;
  const ranges = Array.from({ length: buffered.length }, (_, index) => [
    buffered.start(index),
    buffered.end(index),
  ]);
  const around = ranges.find(([start = 0, end = 0]) => start <= currentTime + 0.5 && currentTime <= end);
  return {
    currentSeconds: currentTime,
    durationSeconds: Number.isFinite(duration) && duration > 0 ? duration : durationSeconds,
    bufferedSeconds: around?.[1] ?? 0,
    paused,
    // A paused picture without data is a seek; before the first data nothing has been decided yet.
    waiting: !ended && readyState < HTMLMediaElement.HAVE_FUTURE_DATA,
    ended,
    volume,
    muted,
  };
}
