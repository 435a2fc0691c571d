import type { Payments } from "../../engines/payments/payments.ts";
import { createSandboxPayments, type SandboxTables } from "../../engines/payments/sandbox.ts";
import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Users } from "../users/index.ts";
import { billingNow, type BillingContext } from "./context.ts";
import type { Entitlement } from "./entitlement.ts";
import { forgetAccount } from "./forget-account.ts";
import { advanceTestClock } from "./operations/advance-test-clock.ts";
import { cancelSubscription } from "./operations/cancel-subscription.ts";
import { changeSubscription } from "./operations/change-subscription.ts";
import { createPlan } from "./operations/create-plan.ts";
import { createSubscription } from "./operations/create-subscription.ts";
import { getInvoice } from "./operations/get-invoice.ts";
import { getPlan } from "./operations/get-plan.ts";
import { getSubscription } from "./operations/get-subscription.ts";
import { getTestClock } from "./operations/get-test-clock.ts";
import { listInvoices } from "./operations/list-invoices.ts";
import { listPlans } from "./operations/list-plans.ts";
import { listSubscriptions } from "./operations/list-subscriptions.ts";
import { resumeSubscription } from "./operations/resume-subscription.ts";
import { updatePlan } from "./operations/update-plan.ts";
import { findLatestSubscription } from "./store/subscriptions.ts";
import type { BillingTables } from "./tables.ts";
import { entitlementOfSubscription } from "./to-subscription.ts";
import { runDueSubscriptions } from "./workflows/run-due.ts";

export type { Entitlement } from "./entitlement.ts";

export interface Billing {
  module: Module;
  /** Whether the account may watch now, and with how much; from its subscription and invoices at billing's time. */
  entitlementOf(unit: Unit, accountId: string): Promise<Entitlement>;
}

export interface BillingOptions {
  users: Pick<Users, "getViewer">;
  /** Left out: the embedded sandbox. */
  payments?: Payments;
}

export function createBilling(kernel: Kernel, { users, payments }: BillingOptions): Billing {
  const { clock, ids, log, units } = kernel;
  const sandbox = () => createSandboxPayments({ database: kernel.database<SandboxTables>("billing"), clock });
  const database = kernel.database<BillingTables>("billing");
  const context: BillingContext = {
    database,
    clock,
    ids,
    log,
    units,
    users,
    payments: payments ?? sandbox(),
  };
  const module = defineModule("billing", context, handlers, {
    listeners: [forgetAccount(context)],
    jobs: [
      {
        name: "billing.renew",
        everyMs: 60_000,
        run: ({ signal, units }) => runDueSubscriptions({ ...context, units }, signal),
      },
    ],
    fromReplica: ["listPlans"],
  });
  return {
    module,
    async entitlementOf(unit, accountId) {
      const subscription = await findLatestSubscription(context, unit, accountId);
      return entitlementOfSubscription(subscription, await billingNow(context, unit));
    },
  };
}

const handlers = {
  listPlans,
  createPlan,
  getPlan,
  updatePlan,
  listSubscriptions,
  createSubscription,
  getSubscription,
  changeSubscription,
  cancelSubscription,
  resumeSubscription,
  listInvoices,
  getInvoice,
  getTestClock,
  advanceTestClock,
};
