import type { Item } from "@flix/sdk";
import styles from "./account-page.module.css";
import { formatDate, formatMoney } from "./money.ts";

type State = Item<"listInvoices">["state"];

const states: Record<State, string> = {
  draft: "Being prepared",
  open: "Due",
  paid: "Paid",
  void: "Not charged",
  uncollectible: "Not paid",
};

export function InvoiceTable({ invoices }: { invoices: Item<"listInvoices">[] }) {
  return (
    <div className={styles.tableFrame}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">Number</th>
            <th scope="col">For</th>
            <th scope="col">Total</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {invoices.map((invoice) => (
            <tr key={invoice.id}>
              <td>{formatDate(invoice.issued_at ?? invoice.created_at)}</td>
              <td>{invoice.number ?? "–"}</td>
              <td>{invoice.lines[0]?.description ?? "–"}</td>
              <td>{formatMoney(invoice.total)}</td>
              <td>{states[invoice.state]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
