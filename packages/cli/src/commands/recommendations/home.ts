import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import type { Home } from "../../resources.ts";
import { renderTable, type Column } from "../../table.ts";

export const getHome = defineCommand({
  arguments: { profileId: required("profile-id", id("prf"), "The profile") },
  examples: [
    {
      command: "flix recommendations home prf_01k9v3c4x5e6f7g8h9j0kmnpqr",
      does: "What this profile sees first",
    },
  ],
  async run({ profileId }, { connect, output }) {
    const flix = await connect();
    const home = await flix.getHome({ profile_id: profileId });
    const items = home.rows.flatMap(({ title: row, items: titles }) =>
      titles.map((item) => ({ row, ...item })),
    );
    if (items.length === 0)
      output.note("The page is empty: nothing that this profile may watch is published.");
    output.data(home, (paper) => renderTable(columns, items, paper));
  },
});

const columns: readonly Column<Home["rows"][number]["items"][number] & { row: string }>[] = [
  { header: "ROW", value: ({ row }) => row, flexible: true },
  { header: "TITLE", value: ({ title }) => title.title, flexible: true },
  { header: "ID", value: ({ title }) => title.id },
  { header: "WHY", value: ({ reason }) => reason, flexible: true },
];
