import { Icon } from "../artwork/icon.tsx";
import { formatMoney, qualityName, streamsText, type Plan } from "./money.ts";
import styles from "./plan-cards.module.css";

interface Props {
  plans: Plan[];
  currentId?: string | undefined;
  /** Without it, the cards only tell. */
  onChoose?: (plan: Plan) => void;
}

export function PlanCards({ plans, currentId, onChoose }: Props) {
  return (
    <ul className={styles.cards}>
      {plans.map((plan) => (
        <li key={plan.id} className={styles.card} data-current={plan.id === currentId}>
          <h3>{plan.name}</h3>
          <p className={styles.price}>
            <strong>{formatMoney(plan.price)}</strong> a {plan.interval}
          </p>
          <ul className={styles.points}>
            <Point>{qualityName(plan.max_height)}</Point>
            <Point>{streamsText(plan.max_streams)}</Point>
            {plan.trial_days > 0 && <Point>{plan.trial_days} days free to begin with</Point>}
          </ul>
          {plan.id === currentId ? (
            <p className={styles.current}>Your plan</p>
          ) : (
            onChoose && (
              <button type="button" className="button primary" onClick={() => onChoose(plan)}>
                Choose {plan.name}
              </button>
            )
          )}
        </li>
      ))}
    </ul>
  );
}

function Point({ children }: { children: React.ReactNode }) {
  return (
    <li>
      <Icon name="check" />
      <span>{children}</span>
    </li>
  );
}
