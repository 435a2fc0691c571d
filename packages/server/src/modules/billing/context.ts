import type { FastifyBaseLogger } from "fastify";
import type { Payments } from "../../engines/payments/payments.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Database, Unit, Units } from "../../kernel/unit.ts";
import type { Users } from "../users/index.ts";
import type { BillingTables } from "./tables.ts";

/** What the module's operations work with. */
export interface BillingContext {
  database: Database<BillingTables>;
  clock: Clock;
  ids: Ids;
  log: FastifyBaseLogger;
  units: Units;
  payments: Payments;
  users: Pick<Users, "getViewer">;
}

/** The time that billing goes by: in the sandbox, ahead of the real one by what its clock was advanced. */
export function billingNow({ payments, clock }: BillingContext, unit: Unit): Promise<Date> {
  return payments.testClock?.now(unit) ?? Promise.resolve(clock.now());
}
