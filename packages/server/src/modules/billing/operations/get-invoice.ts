import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { mayAccess } from "../account-access.ts";
import type { BillingContext } from "../context.ts";
import { findInvoice } from "../store/invoices.ts";
import { toInvoice } from "../to-invoice.ts";

export const getInvoice: Handler<"getInvoice", BillingContext> = async (
  { params, unit, principal },
  context,
) => {
  const invoice = await findInvoice(context, unit, params.invoice_id);
  if (!invoice || !mayAccess(principal, invoice.account_id)) throw new FlixError("invoice_not_found");
  return toInvoice(invoice);
};
