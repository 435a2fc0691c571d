import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { integer, money, oneOf, text } from "../../kinds.ts";
import { flag, optional, required, withDefault } from "../../parameters.ts";
import { planFields } from "./plan-view.ts";

export const createPlan = defineCommand({
  options: {
    name: required("name", text, "Its name"),
    price: required("amount", money, "What it costs an interval, such as 9.99USD"),
    interval: withDefault("interval", oneOf(["month", "year"]), "month", "How often it is paid"),
    trialDays: optional("days", integer(0, 365), "Days that are free first"),
    maxStreams: withDefault("n", integer(1, 20), 2, "Streams that may play at once"),
    maxHeight: withDefault("pixels", integer(144, 4320), 1080, "The tallest picture"),
    inactive: flag("It takes no subscriptions yet"),
    ...dryRunOption,
  },
  examples: [
    {
      command: "flix plans create --name Standard --price 9.99USD --trial-days 14",
      does: "A plan with a trial",
    },
    {
      command: "flix plans create --name Yearly --price 99USD --interval year --max-height 2160",
      does: "A yearly plan in 4K",
    },
  ],
  async run({ trialDays, maxStreams, maxHeight, inactive, dryRun, ...rest }, { connect, output }) {
    const flix = await connect();
    const body = {
      ...rest,
      trial_days: trialDays ?? 0,
      max_streams: maxStreams,
      max_height: maxHeight,
      active: !inactive,
    };
    const plan = await flix.createPlan({ validate_only: dryRun, body });
    output.record(plan, planFields);
    noteChange(output, dryRun, `Created ${plan.name}.`);
  },
});
