import { defineCommand } from "../../command.ts";
import { id, oneOf } from "../../kinds.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { optional } from "../../parameters.ts";
import { subscriptionColumns } from "./subscription-view.ts";

const states = ["incomplete", "trialing", "active", "past_due", "unpaid", "canceled"] as const;

export const listSubscriptions = defineCommand({
  options: {
    account: optional("account-id", id("acc"), "Only this account's"),
    plan: optional("plan-id", id("pln"), "Only this plan's"),
    state: optional("state", oneOf(states), "Only this state"),
    ...listingOptions,
  },
  examples: [
    { command: "flix subscriptions list --state past_due", does: "Whose payment was declined" },
    {
      command: "flix subscriptions list --account acc_01k9v3c4x5e6f7g8h9j0kmnpqr",
      does: "What a viewer has",
    },
  ],
  async run({ account, plan, state, ...listing }, { connect, output }) {
    const flix = await connect();
    const filters = { account_id: account, plan_id: plan, state, page_size: pageSizeOf(listing) };
    const found = await collect(flix.pages.listSubscriptions(filters), listing, output);
    output.table(found, subscriptionColumns, "There are no such subscriptions.");
  },
});
