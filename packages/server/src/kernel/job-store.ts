import { sql, type Kysely, type QueryExecutorProvider } from "kysely";

/** The right to run a job until the lease ends, and to commit until somebody else has one. */
export interface Lease {
  name: string;
  /** Of the lease; a later one has a higher one. */
  token: string;
  /** How many runs were begun, this one among them, since one last ended. */
  attempts: number;
}

/** Times are those of the database, which all processes have in common. */
const now = sql`clock_timestamp()`;

/** Makes the rows of jobs that are new; one whose interval became shorter comes sooner. */
export async function ensureJobs(
  root: Kysely<unknown>,
  jobs: readonly { name: string; everyMs: number }[],
): Promise<void> {
  for (const { name, everyMs } of jobs) {
    await sql`insert into kernel.jobs (name, due_at) values (${name}, ${after(everyMs)})
      on conflict (name) do update set due_at = excluded.due_at where jobs.due_at > excluded.due_at`.execute(
      root,
    );
  }
}

/** Takes the longest due, which no process offers again before `offeredMs` are over. */
export async function takeDue(
  root: Kysely<unknown>,
  names: readonly string[],
  { limit, offeredMs }: { limit: number; offeredMs: number },
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    update kernel.jobs set offered_until = ${after(offeredMs)} where name in (
      select name from kernel.jobs
      where name = any(${names}) and due_at <= ${now} and leased_until < ${now} and offered_until < ${now}
      order by due_at limit ${limit} for update skip locked)
    returning name`.execute(root);
  return rows.map(({ name }) => name);
}

/** `held`: somebody has it now. */
export async function lease(
  root: Kysely<unknown>,
  name: string,
  { leaseMs, dueOrNot = false }: { leaseMs: number; dueOrNot?: boolean },
): Promise<Lease | "held" | "not due"> {
  const { rows } = await sql<Lease>`
    update kernel.jobs set leased_until = ${after(leaseMs)}, token = token + 1, attempts = attempts + 1
    where name = ${name} and leased_until < ${now} and (due_at <= ${now} or ${dueOrNot})
    returning name, token, attempts`.execute(root);
  if (rows[0]) return rows[0];
  const { rows: held } = await sql`
    select from kernel.jobs where name = ${name} and leased_until >= ${now}`.execute(root);
  return held.length > 0 ? "held" : "not due";
}

/** False when somebody else has it by now. */
export async function extend(
  root: Kysely<unknown>,
  { name, token }: Lease,
  leaseMs: number,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update kernel.jobs set leased_until = ${after(leaseMs)}
    where name = ${name} and token = ${token}`.execute(root);
  return numAffectedRows > 0n;
}

/** Nobody else can lease it before the transaction ends. False when somebody already has. */
export async function holdFast(transaction: QueryExecutorProvider, { name, token }: Lease): Promise<boolean> {
  const { rows } = await sql`
    select from kernel.jobs where name = ${name} and token = ${token} for share`.execute(transaction);
  return rows.length > 0;
}

/** Gives it back, due again after `nextMs`; changes nothing when somebody else has it by now. */
export async function release(root: Kysely<unknown>, { name, token }: Lease, nextMs: number): Promise<void> {
  await sql`
    update kernel.jobs set due_at = ${after(nextMs)}, leased_until = '-infinity', offered_until = '-infinity',
      attempts = 0 where name = ${name} and token = ${token}`.execute(root);
}

function after(ms: number) {
  return sql`${now} + ${ms} * interval '1 millisecond'`;
}
