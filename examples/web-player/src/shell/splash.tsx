import styles from "./shell.module.css";
import { Wordmark } from "./wordmark.tsx";

/** While nothing is known yet: calm for a moment, then a sign of life. */
export function Splash() {
  return (
    <div className={styles.splash} role="status" aria-label="Loading">
      <Wordmark />
    </div>
  );
}
