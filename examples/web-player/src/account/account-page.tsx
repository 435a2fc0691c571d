import { listInvoices, listPlans, listSubscriptions } from "@flix/sdk";
import { useLoad } from "../load.ts";
import { ProblemPanel } from "../problem/problem-panel.tsx";
import { anonymous } from "../session/anonymous.ts";
import { navigate } from "../routes/history.ts";
import { usePageTitle } from "../routes/page-title.ts";
import { useSession, useViewer } from "../session/session.tsx";
import { ActiveStreams } from "./active-streams.tsx";
import styles from "./account-page.module.css";
import { InvoiceTable } from "./invoice-table.tsx";
import { Membership } from "./membership.tsx";

/** `returnTo` is what the viewer wanted to watch when a plan was missing. */
export function AccountPage({ returnTo }: { returnTo?: string | undefined }) {
  const { client, account } = useViewer();
  const { signOut } = useSession();
  usePageTitle("Account");
  const billing = useLoad(account.id, async (signal) => {
    const own = { account_id: account.id };
    const [plans, subscriptions, invoices] = await Promise.all([
      listPlans(anonymous, {}, { signal }),
      listSubscriptions(client, own, { signal }),
      listInvoices(client, own, { signal }),
    ]);
    return { plans: plans.data, subscriptions: subscriptions.data, invoices: invoices.data };
  });
  if (billing.state === "failed") return <ProblemPanel error={billing.error} onRetry={billing.reload} />;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Account</h1>
        <p>
          {account.name} · {account.email}
        </p>
      </header>
      <section className={styles.section} aria-labelledby="plan-heading">
        <h2 id="plan-heading">Your plan</h2>
        {billing.state === "ready" ? (
          <Membership
            account={account}
            plans={billing.value.plans}
            subscription={billing.value.subscriptions.find(({ state }) => state !== "canceled")}
            onChange={billing.reload}
            onSubscribed={() => (returnTo === undefined ? billing.reload() : navigate(returnTo))}
          />
        ) : (
          <div className={`skeleton ${styles.wait}`} />
        )}
      </section>
      <section className={styles.section} aria-labelledby="streams-heading">
        <h2 id="streams-heading">Playing now</h2>
        <ActiveStreams />
      </section>
      {billing.state === "ready" && billing.value.invoices.length > 0 && (
        <section className={styles.section} aria-labelledby="invoices-heading">
          <h2 id="invoices-heading">Invoices</h2>
          <InvoiceTable invoices={billing.value.invoices} />
        </section>
      )}
      <button type="button" className="button" onClick={() => void signOut()}>
        Sign out
      </button>
    </div>
  );
}
