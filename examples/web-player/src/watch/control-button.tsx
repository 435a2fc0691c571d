import { Icon, type IconName } from "../artwork/icon.tsx";
import styles from "./player.module.css";

export function ControlButton({
  icon,
  label,
  badge,
  onPress,
}: {
  icon: IconName;
  label: string;
  /** A few characters in the middle of the icon. */
  badge?: string;
  onPress: () => void;
}) {
  return (
    <button type="button" className={styles.control} aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
      {badge !== undefined && <span className={styles.badge}>{badge}</span>}
    </button>
  );
}
