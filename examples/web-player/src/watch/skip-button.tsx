import { Icon } from "../artwork/icon.tsx";
import type { Marker } from "./markers.ts";
import styles from "./player.module.css";

const labels: Record<Marker["kind"], string> = {
  intro: "Skip intro",
  recap: "Skip recap",
  credits: "Skip credits",
};

export function SkipButton({ marker, onSkip }: { marker: Marker; onSkip: () => void }) {
  return (
    <button type="button" className={`button ${styles.skip}`} onClick={onSkip}>
      {labels[marker.kind]}
      <Icon name="next" />
    </button>
  );
}
