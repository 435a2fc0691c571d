import type { Subscription } from "../../resources.ts";
import type { Column, Field } from "../../table.ts";
import { moneyText, timeText, yesOrNo } from "../../wording.ts";

export const subscriptionColumns: readonly Column<Subscription>[] = [
  { header: "ID", value: ({ id }) => id },
  { header: "ACCOUNT", value: ({ account_id: accountId }) => accountId },
  { header: "PLAN", value: ({ plan }) => plan.name, flexible: true },
  { header: "STATE", value: ({ state }) => state },
  { header: "PERIOD ENDS", value: ({ current_period_end: end }) => timeText(end) },
  { header: "RENEWS", value: (subscription) => yesOrNo(renews(subscription)) },
];

export function subscriptionFields(subscription: Subscription): readonly Field[] {
  const { plan, payment_failure: failure } = subscription;
  return [
    ["ID", subscription.id],
    ["Account", subscription.account_id],
    ["Plan", `${plan.name} (${plan.id})`],
    ["Price", `${moneyText(subscription.price)}/${plan.interval}`],
    ["State", subscription.state],
    ["May watch", yesOrNo(subscription.entitled)],
    ["Trial until", timeText(subscription.trial_end)],
    [
      "Period",
      `${timeText(subscription.current_period_start)} to ${timeText(subscription.current_period_end)}`,
    ],
    ["Renews", yesOrNo(renews(subscription))],
    ["Canceled", timeText(subscription.canceled_at)],
    ["Payment", failure && `declined: ${failure.message} (${failure.code})`],
    ["Invoice", subscription.latest_invoice_id],
  ];
}

function renews({ state, cancel_at_period_end: ending }: Subscription): boolean {
  return state !== "canceled" && !ending;
}
