import type { Track, Tracks } from "./engine.ts";
import { trackOfLanguage } from "./track-names.ts";

/** What a viewer may choose: forced text is not chosen, it shows by itself. */
export function textChoices({ text }: Pick<Tracks, "text">): Track[] {
  return text.filter(({ role }) => role !== "forced");
}

/** The one that was chosen; undefined while subtitles are off, whatever shows by itself. */
export function chosenText(tracks: Pick<Tracks, "text" | "textId">): Track | undefined {
  return textChoices(tracks).find(({ id }) => id === tracks.textId);
}

/**
 * While subtitles are off: what translates foreign speech for those who hear this sound (RFC 8216bis section 4.4.6.1, FORCED).
 */
export function textWhenOff(tracks: Tracks): Track | undefined {
  const language = tracks.audio.find(({ id }) => id === tracks.audioId)?.language;
  const forced = trackOfLanguage(tracks.text, language, "forced");
  return forced?.role === "forced" ? forced : undefined;
}
