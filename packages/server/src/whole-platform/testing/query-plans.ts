import pg from "pg";
import { vi } from "vitest";
import { withClient } from "../../../testing/empty-database.ts";

/** What auto_explain tells of one node of a plan that has run. */
interface PlanNode {
  "Node Type": string;
  Schema?: string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: PlanNode[];
}

export interface Plan {
  "Query Text": string;
  Plan: PlanNode;
}

/**
 * Lets the server explain every statement that this database runs, those inside functions too, as it ran them and with the rows that it
 * met; answers the plans since it was asked last. For connections opened from now on; needs a superuser.
 */
export async function watchPlans(connectionString: string): Promise<() => Plan[]> {
  const name = new URL(connectionString).pathname.slice(1);
  const settings = {
    session_preload_libraries: "auto_explain",
    client_min_messages: "log",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_verbose": "on",
    "auto_explain.log_format": "json",
  };
  await withClient(connectionString, async (client) => {
    await client.query("load 'auto_explain'");
    for (const [setting, value] of Object.entries(settings))
      await client.query(`alter database ${name} set ${setting} = '${value}'`);
  });
  // Every pool makes its clients of this class, and a plan comes as a notice to the client whose statement it is of.
  const emit = vi.spyOn(pg.Client.prototype, "emit");
  return () => {
    const plans = emit.mock.calls.flatMap(([event, notice]) => (event === "notice" ? readPlan(notice) : []));
    emit.mockClear();
    return plans;
  };
}

function readPlan(notice: unknown): Plan[] {
  const text = String(Reflect.get(Object(notice), "message"));
  const start = text.indexOf("plan:\n");
  return start === -1 ? [] : [JSON.parse(text.slice(start + "plan:\n".length))];
}

export interface PlanRules {
  /** `schema.table`: none is read from end to end. */
  growing: ReadonlySet<string>;
  /** That one part of a statement may meet, whether it keeps them or not. */
  maxRows: number;
}

/** What in a plan takes longer the more there is, a line each. */
export function problemsOf({ "Query Text": text, Plan: root }: Plan, rules: PlanRules): string[] {
  const statement = text.replaceAll(/\s+/g, " ").trim().slice(0, 200);
  return allNodes(root).flatMap((node) => {
    const table = `${node.Schema}.${node["Relation Name"]}`;
    const name = node["Relation Name"] === undefined ? node["Node Type"] : `${node["Node Type"]} of ${table}`;
    if (node["Node Type"] === "Seq Scan" && rules.growing.has(table)) return [`${name}: ${statement}`];
    const met = rowsMet(node);
    return met > rules.maxRows ? [`${name} meets ${met} rows: ${statement}`] : [];
  });
}

function allNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(allNodes)];
}

/** A sort tells only what it gave back, and meets what comes from below. */
function rowsMet(node: PlanNode): number {
  if (node["Node Type"].endsWith("Sort")) return Math.max(0, ...(node.Plans ?? []).map(rowsMet));
  const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  return (node["Actual Rows"] + removed) * node["Actual Loops"];
}
