import { isLanguageTag } from "../language.ts";
import type { Track, TrackRole } from "./engine.ts";

/** `German`, `English 5.1`, `English (commentary)`, in the page's language; channels only where they tell two tracks apart. */
export function trackNames(tracks: readonly Track[], language: string): Map<string, string> {
  const names = new Intl.DisplayNames(language, { type: "language", fallback: "code" });
  return new Map(
    tracks.map((track) => {
      const isTwin = (other: Track) => other.language === track.language && other.role === track.role;
      const channels = tracks.filter(isTwin).length > 1 && track.channels ? channelsName(track.channels) : "";
      const parts = [nameOf(track.language, names), channels, roleNames[track.role]];
      return [track.id, parts.filter((part) => part !== "").join(" ")];
    }),
  );
}

const roleNames: Readonly<Record<TrackRole, string>> = {
  main: "",
  commentary: "(commentary)",
  description: "(audio description)",
  forced: "(forced)",
  sdh: "(SDH)",
};

/** The track of a language, or of its base language: `pt-BR` is better than nothing for `pt`. One of the wanted role comes first. */
export function trackOfLanguage<T extends Track>(
  tracks: readonly T[],
  language: string | undefined,
  role: TrackRole = "main",
): T | undefined {
  if (language === undefined) return undefined;
  const base = (tag: string) => tag.split("-", 1)[0];
  const ofRole = tracks.filter((track) => track.role === role);
  const candidates =
    role === "main" ? ofRole : [...ofRole, ...tracks.filter((track) => track.role === "main")];
  return (
    candidates.find((track) => track.language === language) ??
    candidates.find((track) => base(track.language) === base(language))
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
