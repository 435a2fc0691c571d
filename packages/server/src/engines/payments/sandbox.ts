import { createHash } from "node:crypto";
import type { Generated } from "kysely";
import type { Clock } from "../../kernel/clock.ts";
import type { Database, Unit } from "../../kernel/unit.ts";
import type { Charge, ChargeOutcome, DeclineCode, Payments, TestClock } from "./payments.ts";
import { declineMessages, sandboxCard } from "./sandbox-cards.ts";

/** The provider's own records. They live in billing's schema, so that a charge commits with what it pays for. */
export interface SandboxTables {
  sandbox_clock: { only: Generated<boolean>; offset_ms: number };
  sandbox_customers: { id: string; account_id: string };
  sandbox_payment_methods: { customer_id: string; token: string; payments: Generated<number> };
  sandbox_charges: {
    idempotency_key: string;
    id: string;
    customer_id: string;
    token: string;
    amount: number;
    currency: string;
    decline_code: DeclineCode | null;
    created_at: Date;
  };
}

export interface SandboxOptions {
  database: Database<SandboxTables>;
  clock: Clock;
}

/** The embedded provider: behaves like a real one by its test tokens, moves no money, and has a clock to advance. */
export function createSandboxPayments({ database, clock }: SandboxOptions): Payments {
  return {
    findPaymentMethod: async (_unit, token) => sandboxCard(token),
    async createCustomer(unit, accountId) {
      const customerId = accountId.replace(/^acc_/, "cus_");
      await unit
        .on(database)
        .insertInto("sandbox_customers")
        .values({ id: customerId, account_id: accountId })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .execute();
      return { customerId };
    },
    async attachPaymentMethod(unit, { customerId, token }) {
      await unit
        .on(database)
        .insertInto("sandbox_payment_methods")
        .values({ customer_id: customerId, token })
        .onConflict((conflict) => conflict.columns(["customer_id", "token"]).doUpdateSet({ payments: 0 }))
        .execute();
      return { paymentMethodId: token };
    },
    charge: (unit, request) => charge(unit, database, request),
    async forgetCustomer(unit, customerId) {
      const tables = unit.on(database);
      await tables.deleteFrom("sandbox_payment_methods").where("customer_id", "=", customerId).execute();
      await tables.deleteFrom("sandbox_customers").where("id", "=", customerId).execute();
    },
    testClock: createTestClock(database, clock),
  };
}

async function charge(
  unit: Unit,
  database: Database<SandboxTables>,
  request: Charge,
): Promise<ChargeOutcome> {
  const tables = unit.on(database);
  const { idempotencyKey, customerId, paymentMethodId: token, amount, currency, at } = request;
  const known = await tables
    .selectFrom("sandbox_charges")
    .select(["id", "amount", "currency", "decline_code"])
    .where("idempotency_key", "=", idempotencyKey)
    .executeTakeFirst();
  if (known) {
    if (known.amount !== amount || known.currency !== currency)
      throw new Error(`The charge ${idempotencyKey} was for another amount`);
    return outcomeOf(known.id, known.decline_code);
  }
  const method = await tables
    .selectFrom("sandbox_payment_methods")
    .select("payments")
    .where("customer_id", "=", customerId)
    .where("token", "=", token)
    .forUpdate()
    .executeTakeFirst();
  const card = sandboxCard(token);
  if (!method || !card) throw new Error(`The customer ${customerId} has no payment method ${token}`);
  const declineCode = card.decline(method.payments) ?? null;
  const id = `ch_${createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 26)}`;
  await tables
    .insertInto("sandbox_charges")
    .values({
      idempotency_key: idempotencyKey,
      id,
      customer_id: customerId,
      token,
      amount,
      currency,
      decline_code: declineCode,
      created_at: at,
    })
    .execute();
  if (declineCode === null) {
    await tables
      .updateTable("sandbox_payment_methods")
      .set((eb) => ({ payments: eb("payments", "+", 1) }))
      .where("customer_id", "=", customerId)
      .where("token", "=", token)
      .execute();
  }
  return outcomeOf(id, declineCode);
}

function outcomeOf(chargeId: string, code: DeclineCode | null): ChargeOutcome {
  if (code === null) return { state: "succeeded", chargeId };
  return { state: "declined", chargeId, code, message: declineMessages[code] };
}

function createTestClock(database: Database<SandboxTables>, clock: Clock): TestClock {
  return {
    async now(unit) {
      const row = await unit.on(database).selectFrom("sandbox_clock").select("offset_ms").executeTakeFirst();
      return new Date(clock.now().getTime() + (row?.offset_ms ?? 0));
    },
    async moveTo(unit, time) {
      const offsetMs = time.getTime() - clock.now().getTime();
      await unit
        .on(database)
        .insertInto("sandbox_clock")
        .values({ offset_ms: Math.max(0, offsetMs) })
        .onConflict((conflict) =>
          conflict.column("only").doUpdateSet((eb) => ({
            offset_ms: eb.fn<number>("greatest", ["sandbox_clock.offset_ms", "excluded.offset_ms"]),
          })),
        )
        .execute();
    },
  };
}
