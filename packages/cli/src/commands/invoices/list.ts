import { defineCommand } from "../../command.ts";
import { id, oneOf } from "../../kinds.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { optional } from "../../parameters.ts";
import type { Invoice } from "../../resources.ts";
import type { Column } from "../../table.ts";
import { moneyText, timeText } from "../../wording.ts";

export const listInvoices = defineCommand({
  options: {
    account: optional("account-id", id("acc"), "Only this account's"),
    subscription: optional("subscription-id", id("sub"), "Only this subscription's"),
    state: optional("state", oneOf(["draft", "open", "paid", "void", "uncollectible"]), "Only this state"),
    ...listingOptions,
  },
  examples: [
    { command: "flix invoices list --state open", does: "What is still to be paid" },
    { command: "flix invoices list --all --json", does: "Everything that was billed" },
  ],
  async run({ account, subscription, state, ...listing }, { connect, output }) {
    const flix = await connect();
    const page_size = pageSizeOf(listing);
    const found = flix.pages.listInvoices({
      account_id: account,
      subscription_id: subscription,
      state,
      page_size,
    });
    output.table(await collect(found, listing, output), columns, "There are no such invoices.");
  },
});

const columns: readonly Column<Invoice>[] = [
  { header: "ID", value: ({ id: invoiceId }) => invoiceId },
  { header: "NUMBER", value: ({ number }) => number },
  { header: "ACCOUNT", value: ({ account_id: accountId }) => accountId },
  { header: "STATE", value: ({ state }) => state },
  { header: "TOTAL", value: ({ total }) => moneyText(total), align: "right" },
  { header: "DUE", value: ({ amount_due: due }) => moneyText(due), align: "right" },
  { header: "ISSUED", value: ({ issued_at: issued }) => timeText(issued) },
];
