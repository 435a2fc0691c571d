import { withClient } from "../../../packages/server/testing/empty-database.ts";
import type { Kind } from "./book.ts";

/** What of the customers' and the viewers' writes is in the database, and what followed from it. */
export interface Found {
  /** How often each name of the book is there. */
  count(kind: keyof typeof queries): Promise<Map<string, number>>;
  /** The ids of all that the platform has to tell others. */
  eventIds(): Promise<Set<string>>;
  /** Of each account with a subscription. */
  billed(): Promise<Billed[]>;
  /** What the sandbox took from customers, whether or not a subscription came of it. */
  chargeCount(): Promise<number>;
  /** How far each profile came: by its own position, and by what was learned of it through events. */
  progress(): Promise<{ profile: string; position: number; learned: number | null }[]>;
  /** Sessions that analytics learned of through events. */
  learnedSessions(): Promise<Map<string, number>>;
}

export interface Billed {
  state: string;
  invoices: number;
  payments: number;
  charges: number;
  /** Minor units, by the ledger. */
  cash: number;
}

const queries = {
  title: "select title as name from catalog.titles where kind = 'series'",
  account: "select email as name from users.accounts where email like 'customer-%'",
  subscription: `select account_id as name from billing.subscriptions
    where account_id in (select id from users.accounts where email like 'customer-%')`,
  session: "select device_name as name from playback.sessions where device_id = 'television'",
  "player event": "select concat_ws(' ', event_id, session_id, type) as name from analytics.player_events",
} as const satisfies Partial<Record<Kind, string>>;

export function findIn(databaseUrl: string): Found {
  const select = <Row extends object>(query: string): Promise<Row[]> =>
    withClient(databaseUrl, async (client) => (await client.query<Row>(query)).rows);
  const countNames = async (query: string) => {
    const rows = await select<{ name: string; count: number }>(
      `select name, count(*)::integer as count from (${query}) as found group by name`,
    );
    return new Map(rows.map(({ name, count }) => [name, count]));
  };
  return {
    count: (kind) => countNames(queries[kind]),
    learnedSessions: () => countNames("select session_id as name from analytics.sessions"),
    async eventIds() {
      return new Set((await select<{ id: string }>("select id from kernel.events")).map(({ id }) => id));
    },
    billed: () =>
      select(`select state,
        (select count(*) from billing.invoices where account_id = subscription.account_id)::integer as invoices,
        (select count(*) from billing.payment_attempts where account_id = subscription.account_id)::integer as payments,
        (select count(*) from billing.sandbox_charges join billing.sandbox_customers on customer_id = sandbox_customers.id
          where account_id = subscription.account_id)::integer as charges,
        (select sum(amount) from billing.ledger_entries
          where account_id = subscription.account_id and ledger_account = 'cash')::integer as cash
        from billing.subscriptions as subscription`),
    async chargeCount() {
      const [row] = await select<{ count: string }>("select count(*) from billing.sandbox_charges");
      return Number(row?.count);
    },
    progress: () =>
      select(`select profile_id as profile, position_seconds as position, furthest * duration_seconds as learned
        from playback.positions left join recommendations.views using (account_id, profile_id, title_id)`),
  };
}
