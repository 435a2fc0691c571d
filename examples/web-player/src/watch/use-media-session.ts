import { useEffect } from "react";
import type { Title } from "../artwork/artwork.ts";
import type { Command } from "./keyboard.ts";

/** The system's own controls: the media keys, the lock screen, headphones. */
export function useMediaSession(
  title: Title,
  artworkUrl: string | undefined,
  run: (command: Command) => void,
): void {
  useEffect(() => {
    if (!("mediaSession" in navigator)) return undefined;
    const { mediaSession } = navigator;
    const artwork = artworkUrl === undefined ? [] : [{ src: artworkUrl }];
    mediaSession.metadata = new MediaMetadata({ title: title.title, artwork });
    const toggle = () => run({ do: "toggle-play" });
    const actions: [MediaSessionAction, () => void][] = [
      ["play", toggle],
      ["pause", toggle],
      ["seekbackward", () => run({ do: "skip", seconds: -10 })],
      ["seekforward", () => run({ do: "skip", seconds: 10 })],
    ];
    for (const [action, handler] of actions) mediaSession.setActionHandler(action, handler);
    return () => {
      mediaSession.metadata = null;
      for (const [action] of actions) mediaSession.setActionHandler(action, null);
    };
  }, [title, artworkUrl, run]);
}
