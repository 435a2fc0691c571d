import { pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { listedAccount } from "../account-access.ts";
import type { BillingContext } from "../context.ts";
import { listInvoiceRecords } from "../store/invoices.ts";
import { decodeTimeCursor, timeCursor } from "../time-cursor.ts";
import { toInvoice } from "../to-invoice.ts";

export const listInvoices: Handler<"listInvoices", BillingContext> = async (
  { query, unit, principal },
  context,
) => {
  const rows = await listInvoiceRecords(context, unit, {
    accountId: listedAccount(principal, query.account_id),
    subscriptionId: query.subscription_id,
    state: query.state,
    after: decodeTimeCursor(query.cursor),
    limit: pageLimit(query.page_size),
  });
  return pageOf(rows, query.page_size, toInvoice, timeCursor);
};
