import { Icon, type IconName } from "../artwork/icon.tsx";
import styles from "./player.module.css";

export function ControlButton({
  icon,
  label,
  onPress,
}: {
  icon: IconName;
  label: string;
  onPress: () => void;
}) {
  return (
    <button type="button" className={styles.control} aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}
