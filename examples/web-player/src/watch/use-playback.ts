import { useEffect, useRef, useState } from "react";
import type { FlixError } from "@flix/sdk";
import { useViewer } from "../session/session.tsx";
import { noTracks, type Rendition, type Tracks } from "./engine.ts";
import { chosenEngine } from "./engine-choice.ts";
import { Playback, type PlaybackSession } from "./playback.ts";
import { readPreferences } from "./preferences.ts";
import { trackOfLanguage } from "./track-names.ts";

export interface PlaybackView {
  playback: Playback | undefined;
  tracks: Tracks;
  rendition: Rendition | undefined;
  failure: FlixError | undefined;
  blocked: boolean;
}

/** Plays a session in the video element for as long as the component stands. */
export function usePlayback(
  video: React.RefObject<HTMLVideoElement | null>,
  text: React.RefObject<HTMLElement | null>,
  session: PlaybackSession,
  intentMs: number,
): PlaybackView {
  const { client } = useViewer();
  const [playback, setPlayback] = useState<Playback>();
  const [tracks, setTracks] = useState<Tracks>(noTracks);
  const [rendition, setRendition] = useState<Rendition>();
  const [failure, setFailure] = useState<FlixError>();
  const [blocked, setBlocked] = useState(false);
  const preferred = useRef(false);
  useEffect(() => {
    const element = video.current;
    const textContainer = text.current;
    if (!element || !textContainer) return undefined;
    applyVolume(element);
    const unblock = () => setBlocked(false);
    element.addEventListener("playing", unblock);
    const opened: Playback = new Playback({
      client,
      session,
      video: element,
      textContainer,
      engineName: chosenEngine(),
      intentMs,
      listener: {
        onTracks(found) {
          setTracks(found);
          if (preferred.current || found.heights.length === 0 || !opened.engine) return;
          preferred.current = true;
          applyLanguages(opened, found);
        },
        onRendition: setRendition,
        onFailure: setFailure,
        onBlocked: () => setBlocked(true),
      },
    });
    setPlayback(opened);
    void opened.open();
    return () => {
      element.removeEventListener("playing", unblock);
      opened.close();
    };
    // oxlint-disable-next-line react/exhaustive-deps -- a session is played once; nothing else begins it anew.
  }, [session.id]);
  return { playback, tracks, rendition, failure, blocked };
}

function applyVolume(video: HTMLVideoElement): void {
  const { volume, muted } = readPreferences();
  video.volume = volume;
  video.muted = muted;
}

/** The languages that the viewer chose last time, where this film has them. */
function applyLanguages({ engine }: Playback, { audio, text }: Tracks): void {
  const { audioLanguage, textLanguage } = readPreferences();
  const wantedAudio = trackOfLanguage(audio, audioLanguage);
  const wantedText = trackOfLanguage(text, textLanguage);
  if (wantedAudio) engine?.selectAudio(wantedAudio.id);
  engine?.selectText(wantedText?.id);
}
