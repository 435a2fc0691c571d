import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { id, text } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import type { Subscription } from "../../resources.ts";
import { subscriptionFields } from "./subscription-view.ts";

export const createSubscription = defineCommand({
  details: "In the sandbox, the payment method pm_card_visa pays and pm_card_declined does not.",
  options: {
    account: required("account-id", id("acc"), "Who subscribes"),
    plan: required("plan-id", id("pln"), "To what"),
    paymentMethod: required("token", text, "A token of the payment provider, such as pm_card_visa"),
    ...dryRunOption,
  },
  examples: [
    {
      command:
        "flix subscriptions create --account acc_01k9v3c4x5e6f7g8h9j0kmnpqr --plan pln_01k9v3c4x5e6f7g8h9j0kmnpqr --payment-method pm_card_visa",
      does: "Subscribe a viewer",
    },
  ],
  async run({ account, plan, paymentMethod, dryRun }, { connect, output }) {
    const flix = await connect();
    const body = { account_id: account, plan_id: plan, payment_method: paymentMethod };
    const subscription = await flix.createSubscription({ validate_only: dryRun, body });
    output.record(subscription, subscriptionFields);
    if (subscription.state === "incomplete") throw declined(subscription);
    noteChange(output, dryRun, `Subscribed ${account} to ${subscription.plan.name}: ${subscription.state}.`);
  },
});

/** The subscription is there, but its account may not watch: a script that goes on as if it did would be wrong. */
function declined({ id: subscriptionId, payment_failure: failure }: Subscription): CliError {
  return new CliError(failure?.code ?? "payment_declined", {
    message: `The payment was declined, so the subscription is incomplete: ${failure?.message ?? "no reason given"}`,
    fix: `Pay otherwise: flix subscriptions change ${subscriptionId} --payment-method <token>`,
  });
}
