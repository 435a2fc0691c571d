import { dryRunOption, noteChange, requireSome } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id, text } from "../../kinds.ts";
import { optional, required } from "../../parameters.ts";
import { subscriptionFields } from "./subscription-view.ts";

export const changeSubscription = defineCommand({
  details: "A change of plan is billed for the rest of the period.",
  arguments: { subscriptionId: required("subscription-id", id("sub"), "The subscription") },
  options: {
    plan: optional("plan-id", id("pln"), "The new plan"),
    paymentMethod: optional("token", text, "The new payment method"),
    ...dryRunOption,
  },
  examples: [
    {
      command:
        "flix subscriptions change sub_01k9v3c4x5e6f7g8h9j0kmnpqr --plan pln_01k9v3c4x5e6f7g8h9j0kmnpqs",
      does: "Move to another plan",
    },
  ],
  async run({ subscriptionId, plan, paymentMethod, dryRun }, { connect, output }) {
    const body = { plan_id: plan, payment_method: paymentMethod };
    requireSome(body, "--plan, --payment-method");
    const flix = await connect();
    const address = { subscription_id: subscriptionId };
    const { etag } = await flix.getSubscription(address);
    const subscription = await flix.changeSubscription({ ...address, etag, validate_only: dryRun, body });
    output.record(subscription, subscriptionFields);
    noteChange(output, dryRun, `Changed ${subscriptionId}.`);
  },
});
