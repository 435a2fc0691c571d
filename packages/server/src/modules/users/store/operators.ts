import { sql, type Selectable } from "kysely";
import { FlixError } from "../../../kernel/errors.ts";
import type { OperatorRole } from "../../../kernel/security.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";
import type { UsersTables } from "../tables.ts";
import { emailTaken } from "./email-taken.ts";

export type OperatorRow = Selectable<UsersTables["operators"]>;

export interface OperatorDraft {
  email: string;
  passwordHash: string;
  name: string;
  role: OperatorRole;
}

export async function insertOperator(
  unit: Unit,
  { database, clock, ids }: UsersContext,
  { passwordHash, ...draft }: OperatorDraft,
): Promise<OperatorRow> {
  const now = clock.now();
  return unit
    .on(database)
    .insertInto("operators")
    .values({ id: ids.next("opr"), ...draft, password_hash: passwordHash, created_at: now, updated_at: now })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(emailTaken("operators_email"));
}

export async function findOperator(
  unit: Unit,
  { database }: UsersContext,
  id: string,
): Promise<OperatorRow | undefined> {
  return unit.on(database).selectFrom("operators").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function findOperatorByEmail(
  unit: Unit,
  { database }: UsersContext,
  email: string,
): Promise<OperatorRow | undefined> {
  return unit
    .on(database)
    .selectFrom("operators")
    .selectAll()
    .where(sql`lower(email)`, "=", email.toLowerCase())
    .executeTakeFirst();
}

/** Oldest first. */
export async function selectOperators(
  unit: Unit,
  { database }: UsersContext,
  filter: { afterId?: string; limit: number },
): Promise<OperatorRow[]> {
  let query = unit.on(database).selectFrom("operators").selectAll().orderBy("id").limit(filter.limit);
  if (filter.afterId !== undefined) query = query.where("id", ">", filter.afterId);
  return query.execute();
}

/**
 * Holds the operator and every active admin, in the order of their ids: two admins who demote each other at the same
 * time would otherwise both see the other one still there.
 */
export async function lockOperator(
  unit: Unit,
  { database }: UsersContext,
  id: string,
): Promise<{ operator: OperatorRow; isLastAdmin: boolean }> {
  const rows = await unit
    .on(database)
    .selectFrom("operators")
    .selectAll()
    .where(({ eb, and, or }) => or([eb("id", "=", id), and({ role: "admin", state: "active" })]))
    .orderBy("id")
    .forUpdate()
    .execute();
  const operator = rows.find((row) => row.id === id);
  if (!operator) throw new FlixError("not_found");
  const admins = rows.filter(isActiveAdmin);
  return { operator, isLastAdmin: isActiveAdmin(operator) && admins.length === 1 };
}

export function isActiveAdmin({ role, state }: Pick<OperatorRow, "role" | "state">): boolean {
  return role === "admin" && state === "active";
}

export async function changeOperator(
  unit: Unit,
  { database, clock }: UsersContext,
  id: string,
  changes: Partial<Pick<OperatorRow, "name" | "role" | "state" | "password_hash">>,
): Promise<OperatorRow> {
  return unit
    .on(database)
    .updateTable("operators")
    .set({ ...changes, updated_at: clock.now(), version: sql<number>`version + 1` })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function removeOperator(unit: Unit, { database }: UsersContext, id: string): Promise<void> {
  await unit.on(database).deleteFrom("operators").where("id", "=", id).execute();
}

/** Whether there is any operator; takes a lock first, so that two first starts make one. */
export async function hasOperator(unit: Unit, { database }: UsersContext): Promise<boolean> {
  const queries = unit.on(database);
  await sql`select pg_advisory_xact_lock(hashtextextended('flix users.first-operator', 0))`.execute(queries);
  const found = await queries.selectFrom("operators").select("id").limit(1).executeTakeFirst();
  return found !== undefined;
}
