import type { Account } from "../../resources.ts";
import type { Column, Field } from "../../table.ts";
import { timeText } from "../../wording.ts";

export const accountColumns: readonly Column<Account>[] = [
  { header: "ID", value: ({ id }) => id },
  { header: "EMAIL", value: ({ email }) => email, flexible: true },
  { header: "NAME", value: ({ name }) => name, flexible: true },
  { header: "COUNTRY", value: ({ country }) => country },
  { header: "STATE", value: ({ state }) => state },
  { header: "CREATED", value: ({ created_at: created }) => timeText(created) },
];

export function accountFields(account: Account): readonly Field[] {
  return [
    ["ID", account.id],
    ["Email", account.email],
    ["Name", account.name],
    ["Country", account.country],
    ["Language", account.language],
    ["State", account.state],
    ["Suspended", timeText(account.suspended_at)],
    ["Reason", account.suspension_reason],
    ["Created", timeText(account.created_at)],
    ["Updated", timeText(account.updated_at)],
  ];
}
