import { pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { listedAccount } from "../account-access.ts";
import { billingNow, type BillingContext } from "../context.ts";
import { listSubscriptionRecords } from "../store/subscriptions.ts";
import { decodeTimeCursor, timeCursor } from "../time-cursor.ts";
import { toSubscription } from "../to-subscription.ts";

export const listSubscriptions: Handler<"listSubscriptions", BillingContext> = async (
  { query, unit, principal },
  context,
) => {
  const rows = await listSubscriptionRecords(context, unit, {
    accountId: listedAccount(principal, query.account_id),
    planId: query.plan_id,
    state: query.state,
    after: decodeTimeCursor(query.cursor),
    limit: pageLimit(query.page_size),
  });
  const now = await billingNow(context, unit);
  return pageOf(rows, query.page_size, (row) => toSubscription(row, now), timeCursor);
};
