import type { Plan } from "../../resources.ts";
import type { Column, Field } from "../../table.ts";
import { moneyText, timeText, yesOrNo } from "../../wording.ts";

export const planColumns: readonly Column<Plan>[] = [
  { header: "ID", value: ({ id }) => id },
  { header: "NAME", value: ({ name }) => name, flexible: true },
  { header: "PRICE", value: priceText, align: "right" },
  { header: "TRIAL", value: ({ trial_days: days }) => (days > 0 ? `${days}d` : ""), align: "right" },
  { header: "STREAMS", value: ({ max_streams: streams }) => streams, align: "right" },
  { header: "HEIGHT", value: ({ max_height: height }) => `${height}p`, align: "right" },
  { header: "ACTIVE", value: ({ active }) => yesOrNo(active) },
];

export function planFields(plan: Plan): readonly Field[] {
  return [
    ["ID", plan.id],
    ["Name", plan.name],
    ["Price", priceText(plan)],
    ["Trial", plan.trial_days > 0 ? `${plan.trial_days} days` : "none"],
    ["Streams", plan.max_streams],
    ["Height", `${plan.max_height}p`],
    ["Active", yesOrNo(plan.active)],
    ["Created", timeText(plan.created_at)],
    ["Updated", timeText(plan.updated_at)],
  ];
}

function priceText({ price, interval }: Plan): string {
  return `${moneyText(price)}/${interval}`;
}
