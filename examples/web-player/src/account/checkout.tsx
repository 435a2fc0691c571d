import { useState, type FormEvent } from "react";
import { changeSubscription, createSubscription, FlixError } from "@flix/sdk";
import { formText } from "../form-text.ts";
import { asFlixError } from "../load.ts";
import { ProblemNote } from "../problem/problem-panel.tsx";
import { useViewer, type Account } from "../session/session.tsx";
import styles from "./account-page.module.css";
import type { Subscription } from "./membership-text.ts";
import { formatMoney, type Plan } from "./money.ts";

/** The sandbox provider's tokens: a live provider's card form would answer one of its own here. */
const sandboxCards = [
  { token: "pm_card_visa", label: "Visa •••• 4242" },
  { token: "pm_card_mastercard", label: "Mastercard •••• 4444" },
  { token: "pm_card_insufficient_funds", label: "A card without funds" },
  { token: "pm_card_declined", label: "A card that is declined" },
];

interface Props {
  account: Account;
  plan: Plan;
  /** What the account has already; the plan is changed then. */
  subscription: Subscription | undefined;
  onDone: () => void;
  onCancel: () => void;
}

export function Checkout({ account, plan, subscription, onDone, onCancel }: Props) {
  const { client } = useViewer();
  const [error, setError] = useState<FlixError>();
  const [paying, setPaying] = useState(false);
  const pay = async (payment_method: string) => {
    if (subscription) {
      const { id: subscription_id, etag } = subscription;
      await changeSubscription(client, { subscription_id, etag, body: { plan_id: plan.id, payment_method } });
      return;
    }
    const body = { account_id: account.id, plan_id: plan.id, payment_method };
    const { state, payment_failure } = await createSubscription(client, { body });
    // A declined first payment is no error of the API: the subscription waits, incomplete.
    if (state === "incomplete") {
      throw new FlixError("payment_declined", "The payment was declined", {
        detail: payment_failure?.message ?? "",
      });
    }
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const card = formText(new FormData(event.currentTarget), "card");
    setPaying(true);
    try {
      await pay(card);
      onDone();
    } catch (failure) {
      setError(asFlixError(failure));
      setPaying(false);
    }
  };
  return (
    <form className={styles.checkout} onSubmit={(event) => void submit(event)}>
      <h3>
        {plan.name}, {formatMoney(plan.price)} a {plan.interval}
      </h3>
      <label className="field">
        Card (sandbox: no money moves)
        <select name="card">
          {sandboxCards.map(({ token, label }) => (
            <option key={token} value={token}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <ProblemNote error={error} />
      <div className={styles.actions}>
        <button type="submit" className="button primary" disabled={paying}>
          {subscription ? "Change plan" : "Subscribe"}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Back
        </button>
      </div>
    </form>
  );
}
