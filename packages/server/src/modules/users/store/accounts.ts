import { sql } from "kysely";
import type { Selectable } from "kysely";
import { FlixError } from "../../../kernel/errors.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";
import type { AccountState, UsersTables } from "../tables.ts";
import { emailTaken } from "./email-taken.ts";

export type AccountRow = Selectable<UsersTables["accounts"]>;

export interface AccountDraft {
  email: string;
  passwordHash: string | null;
  name: string;
  country: string;
  language: string;
}

export async function insertAccount(
  unit: Unit,
  { database, clock, ids }: UsersContext,
  { passwordHash, ...draft }: AccountDraft,
): Promise<AccountRow> {
  const now = clock.now();
  return unit
    .on(database)
    .insertInto("accounts")
    .values({
      id: ids.next("acc"),
      ...draft,
      password_hash: passwordHash,
      suspended_at: null,
      suspension_reason: null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(emailTaken("accounts_email"));
}

export async function findAccount(
  unit: Unit,
  { database }: UsersContext,
  id: string,
): Promise<AccountRow | undefined> {
  return unit.on(database).selectFrom("accounts").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function findAccountByEmail(
  unit: Unit,
  { database }: Pick<UsersContext, "database">,
  email: string,
): Promise<AccountRow | undefined> {
  return unit
    .on(database)
    .selectFrom("accounts")
    .selectAll()
    .where(sql`lower(email)`, "=", email.toLowerCase())
    .executeTakeFirst();
}

/** Holds the row until the unit ends, so that changes to one account follow each other. */
export async function lockAccount(unit: Unit, { database }: UsersContext, id: string): Promise<AccountRow> {
  const row = await unit
    .on(database)
    .selectFrom("accounts")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new FlixError("account_not_found");
  return row;
}

export type AccountChanges = Partial<
  Pick<
    AccountRow,
    | "email"
    | "name"
    | "country"
    | "language"
    | "password_hash"
    | "state"
    | "suspended_at"
    | "suspension_reason"
  >
>;

export async function changeAccount(
  unit: Unit,
  { database, clock }: UsersContext,
  id: string,
  changes: AccountChanges,
): Promise<AccountRow> {
  return unit
    .on(database)
    .updateTable("accounts")
    .set({ ...changes, updated_at: clock.now(), version: sql<number>`version + 1` })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(emailTaken("accounts_email"));
}

export async function removeAccount(unit: Unit, { database }: UsersContext, id: string): Promise<void> {
  await unit.on(database).deleteFrom("accounts").where("id", "=", id).execute();
}

/**
 * Newest first: ids sort by the time of their making. Who asks for an address that is an account's gets this one, by an index that
 * finds it at once; parts of addresses are so common that their index is a slow way to one.
 */
export async function selectAccounts(
  unit: Unit,
  { database }: UsersContext,
  filter: { q?: string; state?: AccountState; beforeId?: string; limit: number },
): Promise<AccountRow[]> {
  const { q } = filter;
  const named = q?.includes("@") ? await findAccountByEmail(unit, { database }, q.trim()) : undefined;
  let query = unit.on(database).selectFrom("accounts").selectAll().orderBy("id", "desc").limit(filter.limit);
  if (filter.state !== undefined) query = query.where("state", "=", filter.state);
  if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
  if (named !== undefined) query = query.where("id", "=", named.id);
  else if (q !== undefined) {
    const words = q.replaceAll(/\s+/g, " ");
    const pattern = `%${words.replaceAll(/[\\%_]/g, "\\$&")}%`;
    // Both in one trigram index; the line break keeps a search from matching across the two.
    query = query.where(sql<boolean>`users.fold(email || E'\n' || name) like users.fold(${pattern})`);
  }
  return query.execute();
}
