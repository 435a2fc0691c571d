import { defineCommand } from "../../command.ts";
import type { Config, SavedContext } from "../../config.ts";
import type { Column } from "../../table.ts";

export const listContexts = defineCommand({
  examples: [{ command: "flix context list", does: "Where you can go; the current one has a star" }],
  async run(_, { config, output }) {
    output.table(
      rowsOf(await config.read()),
      columns,
      "There are no contexts yet: `flix up` or `flix login` makes one.",
    );
  },
});

/** Never with what signs in. */
interface Row {
  name: string;
  server: string;
  current: boolean;
  signed_in_as: "client" | "person" | "nobody";
}

function rowsOf({ current, contexts }: Config): Row[] {
  return Object.entries(contexts).map(([name, { server, credentials }]: [string, SavedContext]) => ({
    name,
    server,
    current: name === current,
    signed_in_as: credentials?.kind ?? "nobody",
  }));
}

const columns: readonly Column<Row>[] = [
  { header: "", value: ({ current }) => (current ? "*" : "") },
  { header: "NAME", value: ({ name }) => name },
  { header: "SERVER", value: ({ server }) => server, flexible: true },
  { header: "SIGNED IN AS", value: ({ signed_in_as: who }) => who },
];
