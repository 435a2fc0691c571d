import styles from "./home-page.module.css";

/** The shape of the page to come. */
export function HomeSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <div className={styles.waitingHero}>
        <div className="skeleton" />
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
      <div className={styles.waitingRow}>
        {[1, 2, 3, 4, 5].map((card) => (
          <div key={card} className="skeleton" />
        ))}
      </div>
    </div>
  );
}
