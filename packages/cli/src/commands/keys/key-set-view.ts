import type { KeySet } from "../../resources.ts";
import type { Column } from "../../table.ts";
import { timeText } from "../../wording.ts";

export const keySetColumns: readonly Column<KeySet>[] = [
  { header: "ID", value: ({ id }) => id },
  { header: "SCHEME", value: ({ scheme }) => scheme },
  { header: "KEYS", value: ({ keys }) => keys.map(({ tier }) => tier).join(" ") },
  { header: "PACKAGES", value: ({ package_ids: packages }) => packages.join(" "), flexible: true },
  { header: "CREATED", value: ({ created_at: at }) => timeText(at) },
];
