import { useCallback, useEffect, useRef, type RefObject } from "react";
import { commandOf, type Command } from "./keyboard.ts";
import type { Marker } from "./markers.ts";
import type { Playback } from "./playback.ts";
import { readPreferences, savePreferences } from "./preferences.ts";
import { chosenText, textChoices } from "./text-choice.ts";
import { trackOfLanguage } from "./track-names.ts";
import type { PlaybackView } from "./use-playback.ts";

interface Options {
  stage: RefObject<HTMLElement | null>;
  video: RefObject<HTMLVideoElement | null>;
  view: PlaybackView;
  goNext: (() => void) | undefined;
  /** What may be skipped now. */
  skippable: Marker | undefined;
}

/** Answers what buttons and keys call; keys are heard for as long as the player stands. */
export function useCommands(options: Options): (command: Command) => void {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const run = useCallback((command: Command) => perform(command, latest.current), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = commandOf({ ...keysOf(event), onControl: isControl(event.target) });
      if (!command || ownsKey(event)) return;
      event.preventDefault();
      run(command);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [run]);
  return run;
}

function perform(command: Command, options: Options): void {
  const {
    stage,
    video: { current: video },
    view,
    goNext,
    skippable,
  } = options;
  const { playback } = view;
  if (!video || !playback) return;
  switch (command.do) {
    case "toggle-play":
      if (video.paused) void playback.play();
      else video.pause();
      return;
    case "skip":
      return playback.seek(video.currentTime + command.seconds);
    case "jump":
      return jump(playback, video, command.fraction);
    case "volume":
      return setVolume(video, video.volume + command.by);
    case "toggle-mute":
      video.muted = !video.muted;
      return savePreferences({ muted: video.muted });
    case "toggle-fullscreen":
      if (document.fullscreenElement) void document.exitFullscreen();
      else void stage.current?.requestFullscreen?.().catch(() => undefined);
      return;
    case "toggle-text":
      return toggleText(view);
    case "next-episode":
      return goNext?.();
    case "skip-marker":
      return skippable && playback.seek(skippable.end_seconds);
  }
}

/** From the end, going anywhere goes on playing. */
function jump(playback: Playback, video: HTMLVideoElement, fraction: number): void {
  const { ended, duration } = video;
  if (!Number.isFinite(duration)) return;
  playback.seek(fraction * duration);
  if (ended) void playback.play();
}

function setVolume(video: HTMLVideoElement, volume: number): void {
  video.volume = Math.min(1, Math.max(0, volume));
  video.muted = false;
  savePreferences({ volume: video.volume, muted: false });
}

function toggleText({ playback, tracks }: PlaybackView): void {
  const { textLanguage, textRole } = readPreferences();
  const choices = textChoices(tracks);
  const wanted = trackOfLanguage(choices, textLanguage, textRole) ?? choices[0];
  const next = chosenText(tracks) ? undefined : wanted;
  playback?.engine?.selectText(next?.id);
  savePreferences({ textLanguage: next?.language, textRole: next?.role });
}

function keysOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) {
  return { key, ctrlKey, metaKey, altKey };
}

/** A button that was reached by the keyboard; one that was clicked keeps the focus, but Space means the film again. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(":is(button, a, input):focus-visible") !== null;
}

/** Radio buttons and the volume's slider move by arrows themselves. */
function ownsKey({ key, target }: KeyboardEvent): boolean {
  return key.startsWith("Arrow") && target instanceof HTMLInputElement;
}
