/** What a key does in the player. */
export type Command =
  | {
      do:
        | "toggle-play"
        | "toggle-mute"
        | "toggle-fullscreen"
        | "toggle-text"
        | "next-episode"
        | "skip-marker";
    }
  | { do: "skip"; seconds: number }
  | { do: "volume"; by: number }
  | { do: "jump"; fraction: number };

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** The focus is on something that takes Space and Enter itself, such as a button. */
  onControl: boolean;
}

const skipSeconds = 10;

export function commandOf({ key, ctrlKey, metaKey, altKey, onControl }: KeyPress): Command | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (/^[0-9]$/.test(key)) return { do: "jump", fraction: Number(key) / 10 };
  switch (key.toLowerCase()) {
    case " ":
      return onControl ? undefined : { do: "toggle-play" };
    case "k":
      return { do: "toggle-play" };
    case "arrowleft":
    case "j":
      return { do: "skip", seconds: -skipSeconds };
    case "arrowright":
    case "l":
      return { do: "skip", seconds: skipSeconds };
    case "arrowup":
      return { do: "volume", by: 0.1 };
    case "arrowdown":
      return { do: "volume", by: -0.1 };
    case "m":
      return { do: "toggle-mute" };
    case "f":
      return { do: "toggle-fullscreen" };
    case "c":
      return { do: "toggle-text" };
    case "n":
      return { do: "next-episode" };
    case "s":
      return { do: "skip-marker" };
    default:
      return undefined;
  }
}
