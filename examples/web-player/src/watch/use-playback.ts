import { useEffect, useRef, useState } from "react";
import type { FlixError } from "@flix/sdk";
import { useViewer } from "../session/session.tsx";
import { noTracks, type Rendition, type Tracks } from "./engine.ts";
import { chosenEngine } from "./engine-choice.ts";
import { Playback, type PlaybackSession } from "./playback.ts";
import { readPreferences } from "./preferences.ts";
import { chosenText, textWhenOff } from "./text-choice.ts";
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
    const showForced = createForcedText();
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
          if (found.heights.length === 0 || !opened.engine) return;
          if (!preferred.current) applyLanguages(opened, found);
          preferred.current = true;
          showForced(opened, found);
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

/** The languages and roles that the viewer chose last time, where this film has them. */
function applyLanguages({ engine }: Playback, tracks: Tracks): void {
  const { audioLanguage, audioRole, textLanguage, textRole } = readPreferences();
  const wantedAudio = trackOfLanguage(tracks.audio, audioLanguage, audioRole);
  const wantedText = trackOfLanguage(tracks.text, textLanguage, textRole);
  if (wantedAudio) engine?.selectAudio(wantedAudio.id);
  engine?.selectText(wantedText?.id);
}

/**
 * Whenever subtitles are off, or the sound becomes another. Asks once for each: the engine tells of its tracks again while it changes
 * them, and then still with the old one.
 */
function createForcedText(): (playback: Playback, tracks: Tracks) => void {
  let asked: string | undefined | null = null;
  return ({ engine }, tracks) => {
    const wanted = chosenText(tracks) ? null : textWhenOff(tracks)?.id;
    if (wanted !== null && wanted !== asked) engine?.selectText(wanted);
    asked = wanted;
  };
}
