import type { TrackRole } from "./engine.ts";

const key = "flix.preferences";

/** What a viewer set in one film and wants in the next. */
export interface Preferences {
  volume: number;
  muted: boolean;
  /** Of the audio; left out, the film's own default. */
  audioLanguage?: string | undefined;
  audioRole?: TrackRole | undefined;
  /** Of the subtitles; left out, none. */
  textLanguage?: string | undefined;
  textRole?: TrackRole | undefined;
}

const roles: readonly TrackRole[] = ["main", "commentary", "description", "sdh"];
const defaults: Preferences = { volume: 1, muted: false };

export function readPreferences(storage: Pick<Storage, "getItem"> = localStorage): Preferences {
  const stored = parse(storage.getItem(key));
  const text = (name: string) => (typeof stored[name] === "string" ? stored[name] : undefined);
  const role = (name: string) => roles.find((known) => known === stored[name]);
  const volume = Number(stored["volume"] ?? 1);
  return {
    volume: volume >= 0 && volume <= 1 ? volume : defaults.volume,
    muted: stored["muted"] === true,
    audioLanguage: text("audioLanguage"),
    audioRole: role("audioRole"),
    textLanguage: text("textLanguage"),
    textRole: role("textRole"),
  };
}

export function savePreferences(
  change: Partial<Preferences>,
  storage: Pick<Storage, "getItem" | "setItem"> = localStorage,
): void {
  storage.setItem(key, JSON.stringify({ ...readPreferences(storage), ...change }));
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
