import { defineCommand, exitCodes } from "../command.ts";
import type { Health } from "../resources.ts";
import { renderTable, type Column } from "../table.ts";

export const getHealth = defineCommand({
  details: "Exit code 1 when a part has failed.",
  examples: [
    { command: "flix health", does: "Each part, its state and its latency" },
    { command: "flix health --json | jq -r .status", does: "ok, degraded or failed" },
  ],
  async run(_, { connect, output }) {
    const flix = await connect();
    const health = await flix.getHealth();
    output.data(
      health,
      (paper) => `${renderTable(columns, health.parts, paper)}\n\nThe platform: ${health.status}`,
    );
    return health.status === "failed" ? exitCodes.failed : exitCodes.ok;
  },
});

const columns: readonly Column<Health["parts"][number]>[] = [
  { header: "PART", value: ({ name }) => name },
  { header: "STATUS", value: ({ status }) => status },
  { header: "LATENCY", value: ({ latency_ms: ms }) => `${ms.toFixed(1)} ms`, align: "right" },
  { header: "DETAIL", value: ({ detail }) => detail, flexible: true },
];
