import type { Module } from "../../kernel/module.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Entitlement } from "./entitlement.ts";

export type { Entitlement } from "./entitlement.ts";

export interface Billing {
  module: Module;
  /** Whether the account may watch now, and with how much; from its subscription and invoices at billing's time. */
  entitlementOf(unit: Unit, accountId: string): Promise<Entitlement>;
}
