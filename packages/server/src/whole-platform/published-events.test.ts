import bundled from "@flix/openapi/flix.json" with { type: "json" };
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fillStock, subscribe, type Belongings, type Stock } from "./testing/belongings.ts";
import { addViewer, as, provisionRoot, succeeded, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

let platform: WholePlatform;
let root: Person;
let viewer: Person;
let stock: Stock;
let owned: Belongings;

beforeAll(async () => {
  platform = await startWholePlatform();
  root = await provisionRoot(platform);
  stock = await fillStock(platform, root);
  viewer = await addViewer(platform);
  owned = await subscribe(platform, viewer, stock);
  await live();
});
afterAll(() => platform?.close());

/** Plays, pays, fails to pay, ends: whatever the contract has an event for. */
async function live(): Promise<void> {
  const [own, staff] = [as(platform, viewer), as(platform, root)];
  const { account_id, profile_id, session_id, subscription_id } = owned;
  succeeded(
    await own.post(`/v1/playback-sessions/${session_id}/heartbeat`, {
      body: { position_seconds: 20, state: "playing" },
    }),
  );
  await own.post(`/v1/playback-sessions/${session_id}/stop`, { body: { position_seconds: 30 } });
  succeeded(await staff.post(`/v1/key-sets/${stock.key_set_id}/export`));
  const ifMatch = { "if-match": "*" };
  succeeded(
    await own.patch(`/v1/subscriptions/${subscription_id}`, {
      body: { payment_method: "pm_card_renewal_declined" },
      headers: ifMatch,
    }),
  );
  const later = new Date(platform.clock.now().getTime() + 80 * 86_400_000).toISOString();
  succeeded(await staff.post("/v1/billing/test-clock/advance", { body: { to: later } }));
  await own.delete(`/v1/profiles/${profile_id}`);
  succeeded(await staff.post(`/v1/accounts/${account_id}/suspend`, { body: { reason: "Fraud" } }));
  succeeded(await staff.post(`/v1/accounts/${account_id}/restore`));
  succeeded(
    await staff.post(`/v1/subscriptions/${subscription_id}/cancel`, { body: { at_period_end: false } }),
  );
  succeeded(await staff.post(`/v1/titles/${stock.title_id}/unpublish`));
  await staff.delete(`/v1/titles/${stock.title_id}`);
  await staff.delete(`/v1/accounts/${account_id}`);
  await platform.deliverEvents();
}

interface Recorded {
  id: string;
  type: string;
  account_id: string | null;
  data: unknown;
  occurred_at: Date;
}

async function recorded(): Promise<Recorded[]> {
  const { rows } = await sql<Recorded>`select id, type, account_id, data, occurred_at from kernel.events
    order by position`.execute(platform.kernel.database("users").root);
  return rows;
}

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema({ $id: "contract", ...bundled });

/** What is wrong with an event by the contract's `webhooks`; undefined when it conforms. */
function faultOf({ type, account_id, occurred_at, ...event }: Recorded): string | undefined {
  const pointer = `#/webhooks/${type}/post/requestBody/content/application~1json/schema`;
  const validate = ajv.compile({ $ref: `contract${pointer}` });
  const body = { ...event, type, occurred_at: occurred_at.toISOString() };
  const valid = validate(account_id === null ? body : { ...body, account_id });
  return valid ? undefined : `${type}: ${ajv.errorsText(validate.errors)}`;
}

it("every event of a platform's life is one of the contract's, and every kind comes", async () => {
  const events = await recorded();
  expect(events.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  const types = new Set(events.map(({ type }) => type));
  expect(Object.keys(bundled.webhooks).filter((type) => !types.has(type))).toEqual([]);
});

it("a deleted account leaves nothing of itself behind", async () => {
  const { root: database } = platform.kernel.database("users");
  const { rows } = await sql<{ place: string }>`
    select table_schema || '.' || table_name as place from information_schema.columns
    where column_name = 'account_id' and table_schema not in ('kernel', 'billing')`.execute(database);
  expect(rows.length).toBeGreaterThan(5);
  for (const { place } of rows) {
    const { rows: left } =
      await sql`select from ${sql.table(place)} where account_id = ${owned.account_id}`.execute(database);
    expect(left, place).toEqual([]);
  }
});
