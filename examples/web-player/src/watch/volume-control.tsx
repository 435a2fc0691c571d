import { ControlButton } from "./control-button.tsx";
import type { Command } from "./keyboard.ts";
import styles from "./player.module.css";
import type { MediaView } from "./use-media.ts";

export function VolumeControl({
  media,
  onCommand,
}: {
  media: MediaView;
  onCommand: (command: Command) => void;
}) {
  const silent = media.muted || media.volume === 0;
  const volume = silent ? 0 : media.volume;
  return (
    <div className={styles.volume}>
      <ControlButton
        icon={silent ? "muted" : "volume"}
        label={silent ? "Sound on" : "Mute"}
        onPress={() => onCommand({ do: "toggle-mute" })}
      />
      <input
        type="range"
        min="0"
        max="1"
        step="0.05"
        value={volume}
        aria-label="Volume"
        style={{ "--filled": `${volume * 100}%` } as React.CSSProperties}
        onChange={(event) => onCommand({ do: "volume", by: Number(event.target.value) - media.volume })}
      />
    </div>
  );
}
