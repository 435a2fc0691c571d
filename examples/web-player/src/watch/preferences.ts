const key = "flix.preferences";

/** What a viewer set in one film and wants in the next. */
export interface Preferences {
  volume: number;
  muted: boolean;
  /** Of the audio; left out, the film's own default. */
  audioLanguage?: string | undefined;
  /** Of the subtitles; left out, none. */
  textLanguage?: string | undefined;
}

const defaults: Preferences = { volume: 1, muted: false };

export function readPreferences(storage: Pick<Storage, "getItem"> = localStorage): Preferences {
  const stored = parse(storage.getItem(key));
  const text = (name: string) => (typeof stored[name] === "string" ? stored[name] : undefined);
  const volume = Number(stored["volume"] ?? 1);
  return {
    volume: volume >= 0 && volume <= 1 ? volume : defaults.volume,
    muted: stored["muted"] === true,
    audioLanguage: text("audioLanguage"),
    textLanguage: text("textLanguage"),
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
