import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { flag, required } from "../../parameters.ts";
import { timeText } from "../../wording.ts";
import { subscriptionFields } from "./subscription-view.ts";

export const cancelSubscription = defineCommand({
  details: "It runs to the end of what was paid, unless it ends --now.",
  arguments: { subscriptionId: required("subscription-id", id("sub"), "The subscription") },
  options: { now: flag("End it at once"), ...dryRunOption },
  examples: [
    { command: "flix subscriptions cancel sub_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Do not renew it" },
    { command: "flix subscriptions cancel sub_01k9v3c4x5e6f7g8h9j0kmnpqr --now", does: "End it at once" },
  ],
  async run({ subscriptionId, now, dryRun }, { connect, output }) {
    const flix = await connect();
    const subscription = await flix.cancelSubscription({
      subscription_id: subscriptionId,
      validate_only: dryRun,
      body: { at_period_end: !now },
    });
    output.record(subscription, subscriptionFields);
    const when = now ? "now" : `on ${timeText(subscription.current_period_end)}`;
    noteChange(output, dryRun, `Canceled ${subscriptionId}: it ends ${when}.`);
  },
});
