import { isLanguageTag } from "../language.ts";
import type { Track } from "./engine.ts";

/** `German`, `English 5.1`, in the page's language; channels only where they tell two tracks apart. */
export function trackNames(tracks: readonly Track[], language: string): Map<string, string> {
  const names = new Intl.DisplayNames(language, { type: "language", fallback: "code" });
  return new Map(
    tracks.map((track) => {
      const twins = tracks.filter((other) => other.language === track.language).length > 1;
      const name = nameOf(track.language, names);
      return [track.id, twins && track.channels ? `${name} ${channelsName(track.channels)}` : name];
    }),
  );
}

/** The track of a language, or of its base language: `pt-BR` is better than nothing for `pt`. */
export function trackOfLanguage<T extends Track>(
  tracks: readonly T[],
  language: string | undefined,
): T | undefined {
  if (language === undefined) return undefined;
  const base = (tag: string) => tag.split("-", 1)[0];
  return (
    tracks.find((track) => track.language === language) ??
    tracks.find((track) => base(track.language) === base(language))
  );
}

function nameOf(tag: string, names: Intl.DisplayNames): string {
  if (tag === "und" || tag === "") return "Original";
  // A manifest may hold what is no language tag.
  if (!isLanguageTag(tag)) return tag;
  const name = names.of(tag) ?? tag;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function channelsName(channels: number): string {
  if (channels === 1) return "mono";
  if (channels === 2) return "stereo";
  return channels === 6 ? "5.1" : channels === 8 ? "7.1" : `${channels} channels`;
}
