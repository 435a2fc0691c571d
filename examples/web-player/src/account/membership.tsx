import { useState } from "react";
import { cancelSubscription, resumeSubscription, type FlixError } from "@flix/sdk";
import { asFlixError } from "../load.ts";
import { ProblemNote } from "../problem/problem-panel.tsx";
import { useViewer, type Account } from "../session/session.tsx";
import styles from "./account-page.module.css";
import { Checkout } from "./checkout.tsx";
import { formatMoney, type Plan } from "./money.ts";
import { PlanCards } from "./plan-cards.tsx";
import { membershipText, type Subscription } from "./membership-text.ts";

interface Props {
  account: Account;
  plans: Plan[];
  /** The one that has not ended, if any. */
  subscription: Subscription | undefined;
  onChange: () => void;
  onSubscribed: () => void;
}

/** The plan that the account has, or the plans that it may choose. */
export function Membership({ account, plans, subscription, onChange, onSubscribed }: Props) {
  const [chosen, setChosen] = useState<Plan>();
  const [choosing, setChoosing] = useState(false);
  const holds = subscription !== undefined && subscription.state !== "incomplete";
  if (chosen) {
    return (
      <Checkout
        account={account}
        plan={chosen}
        subscription={holds ? subscription : undefined}
        onCancel={() => setChosen(undefined)}
        onDone={() => {
          setChosen(undefined);
          setChoosing(false);
          onSubscribed();
        }}
      />
    );
  }
  return (
    <>
      {holds && (
        <Current subscription={subscription} onChange={onChange} onChoose={() => setChoosing(!choosing)} />
      )}
      {!holds && <p className={styles.quiet}>Choose a plan, and everything here is yours to watch.</p>}
      {(!holds || choosing) && (
        <PlanCards plans={plans} currentId={holds ? subscription.plan.id : undefined} onChoose={setChosen} />
      )}
    </>
  );
}

interface CurrentProps {
  subscription: Subscription;
  onChange: () => void;
  onChoose: () => void;
}

function Current({ subscription, onChange, onChoose }: CurrentProps) {
  const { client } = useViewer();
  const [error, setError] = useState<FlixError>();
  const { id: subscription_id, plan, price, cancel_at_period_end: ending } = subscription;
  const toggle = async () => {
    try {
      if (ending) await resumeSubscription(client, { subscription_id });
      else await cancelSubscription(client, { subscription_id, body: { at_period_end: true } });
      onChange();
    } catch (failure) {
      setError(asFlixError(failure));
    }
  };
  return (
    <div className={styles.box}>
      <div>
        <h3>
          {plan.name} · {formatMoney(price)} a {plan.interval}
        </h3>
        <p>{membershipText(subscription)}</p>
      </div>
      <div className={styles.actions}>
        <button type="button" className="button" onClick={onChoose}>
          Change plan
        </button>
        <button type="button" className="button" onClick={() => void toggle()}>
          {ending ? "Keep my plan" : "Cancel plan"}
        </button>
      </div>
      <ProblemNote error={error} />
    </div>
  );
}
