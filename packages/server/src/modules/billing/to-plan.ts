import type { components } from "@flix/openapi";
import { etagOf } from "../../kernel/etags.ts";
import type { PlanRecord } from "./store/plans.ts";

export function toPlan(plan: PlanRecord): components["schemas"]["Plan"] {
  return {
    id: plan.id,
    name: plan.name,
    price: { amount: plan.amount, currency: plan.currency },
    interval: plan.interval,
    trial_days: plan.trial_days,
    max_streams: plan.max_streams,
    max_height: plan.max_height,
    active: plan.active,
    created_at: plan.created_at.toISOString(),
    updated_at: plan.updated_at.toISOString(),
    etag: etagOf(plan.version),
  };
}
