import { dryRunOption, noteChange, requireSome } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id, integer, money, oneOf, text } from "../../kinds.ts";
import { optional, required } from "../../parameters.ts";
import { planFields } from "./plan-view.ts";

export const updatePlan = defineCommand({
  details: "A new price is for new subscriptions; those that exist keep theirs.",
  arguments: { planId: required("plan-id", id("pln"), "The plan") },
  options: {
    name: optional("name", text, "Its name"),
    price: optional("amount", money, "What it costs an interval, in the plan's currency, such as 9.99USD"),
    trialDays: optional("days", integer(0, 365), "Days that are free first"),
    maxStreams: optional("n", integer(1, 20), "Streams that may play at once"),
    maxHeight: optional("pixels", integer(144, 4320), "The tallest picture"),
    active: optional("yes|no", oneOf(["yes", "no"]), "Whether it takes new subscriptions"),
    ...dryRunOption,
  },
  examples: [
    { command: "flix plans update pln_01k9v3c4x5e6f7g8h9j0kmnpqr --price 10.99USD", does: "Raise the price" },
    {
      command: "flix plans update pln_01k9v3c4x5e6f7g8h9j0kmnpqr --active no",
      does: "Take no new subscriptions",
    },
  ],
  async run({ planId, name, price, trialDays, maxStreams, maxHeight, active, dryRun }, { connect, output }) {
    const body = {
      name,
      price,
      trial_days: trialDays,
      max_streams: maxStreams,
      max_height: maxHeight,
      active: active && active === "yes",
    };
    requireSome(body, "--name, --price, --trial-days, --max-streams, --max-height, --active");
    const flix = await connect();
    const { etag } = await flix.getPlan({ plan_id: planId });
    const plan = await flix.updatePlan({ plan_id: planId, etag, validate_only: dryRun, body });
    output.record(plan, planFields);
    noteChange(output, dryRun, `Changed ${plan.name}.`);
  },
});
