import { useState } from "react";
import { listPlans, type FlixError } from "@flix/sdk";
import { PlanCards } from "../account/plan-cards.tsx";
import { asFlixError, useLoad } from "../load.ts";
import { ProblemNote } from "../problem/problem-panel.tsx";
import { Wordmark } from "../shell/wordmark.tsx";
import { anonymous } from "./anonymous.ts";
import { beginSignIn } from "./sign-in.ts";
import { SignUpForm } from "./sign-up-form.tsx";
import styles from "./welcome-page.module.css";

/** For everybody who is not signed in, at whatever address they came to; they come back to it. */
export function WelcomePage() {
  const [error, setError] = useState<FlixError>();
  const [signingUp, setSigningUp] = useState(false);
  const plans = useLoad("plans", (signal) => listPlans(anonymous, {}, { signal }));
  const signIn = (email?: string) => {
    const returnTo = location.pathname + location.search;
    beginSignIn({ returnTo, ...(email !== undefined && { email }) }).catch((failure: unknown) =>
      setError(asFlixError(failure)),
    );
  };
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Wordmark />
        <button type="button" className="button" onClick={() => signIn()}>
          Sign in
        </button>
      </header>
      <main>
        <section className={styles.opening}>
          <h1>
            Lights down.
            <br />
            <em>Film on.</em>
          </h1>
          <p>
            Films and series in the quality that your screen deserves, on every device. Cancel whenever you
            like.
          </p>
          <ProblemNote error={error} />
          {signingUp ? (
            <SignUpForm onDone={signIn} onCancel={() => setSigningUp(false)} />
          ) : (
            <button type="button" className="button primary" onClick={() => setSigningUp(true)}>
              Create an account
            </button>
          )}
        </section>
        {plans.state === "ready" && plans.value.data.length > 0 && (
          <section className={styles.plans} aria-labelledby="plans-heading">
            <h2 id="plans-heading">Choose how you watch</h2>
            <PlanCards plans={plans.value.data} />
          </section>
        )}
      </main>
    </div>
  );
}
