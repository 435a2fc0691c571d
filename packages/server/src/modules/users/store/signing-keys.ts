import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";

export interface SigningKeyRow {
  kid: string;
  private_jwk: Buffer;
}

/** The platform's signing key; the first start of many makes it, the others wait for it. */
export async function ensureSigningKey(
  unit: Unit,
  { database, clock }: UsersContext,
  make: () => Promise<SigningKeyRow>,
): Promise<SigningKeyRow> {
  const queries = unit.on(database);
  await sql`select pg_advisory_xact_lock(hashtextextended('flix users.signing-key', 0))`.execute(queries);
  const known = await queries
    .selectFrom("signing_keys")
    .select(["kid", "private_jwk"])
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
  if (known) return known;
  const made = await make();
  await queries
    .insertInto("signing_keys")
    .values({ ...made, created_at: clock.now() })
    .execute();
  return made;
}

export async function replaceSealedKey(
  unit: Unit,
  { database }: UsersContext,
  kid: string,
  private_jwk: Buffer,
): Promise<void> {
  await unit.on(database).updateTable("signing_keys").set({ private_jwk }).where("kid", "=", kid).execute();
}
