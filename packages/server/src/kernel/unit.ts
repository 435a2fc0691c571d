import type { webhooks } from "@flix/openapi";
import { sql, type Kysely } from "kysely";
import type { Clock } from "./clock.ts";
import type { Ids } from "./ids.ts";
import { Transactions } from "./transactions.ts";

/** A module's handle on its tables: the database that it lives in, and its schema there. */
export interface Database<Tables> {
  /** The module's name, which is its PostgreSQL schema. */
  readonly module: string;
  readonly root: Kysely<unknown>;
  /** Carries the type of the tables; there is nothing behind it. */
  readonly tables?: Tables;
}

type Webhook<Type extends keyof webhooks> =
  webhooks[Type]["post"]["requestBody"]["content"]["application/json"];

/** An event of the contract, without what the log gives it; `test.*` are the tests' own. */
export type DomainEvent =
  | { [Type in keyof webhooks]: Omit<Webhook<Type>, "id" | "occurred_at"> }[keyof webhooks]
  | { type: `test.${string}`; account_id?: string; data: Record<string, unknown> };

/**
 * A unit of work: all changes of one request (or one background step), which become true together. Modules pass it to
 * each other's faces; on one database they share one transaction. With a database of its own a module's part commits
 * separately; the database that the unit used first commits last.
 */
export interface Unit {
  /** The module's tables inside this unit. */
  on<Tables extends object>(database: Database<Tables>): Kysely<Tables>;
  /** Records an event in the transaction of the change that it reports; listeners get it after the commit. */
  publish(database: Database<object>, event: DomainEvent): Promise<void>;
  /** Runs after the commit, never when it is rolled back. For nudges: it may be lost in a crash. What it promises is awaited. */
  afterCommit(effect: () => void | Promise<void>): void;
  /** The request only checks: what cannot be rolled back (a payment, a file) must not be done. */
  readonly validateOnly: boolean;
}

export interface Units {
  /** Reads, outside a transaction; from the primary, unless `from` knows another place. */
  read(from?: (database: Database<object>) => Kysely<unknown>): Unit;
  /** Runs the work in a transaction; rolls back when it throws, and always when `validateOnly`. */
  write<Result>(work: (unit: Unit) => Promise<Result>, options?: { validateOnly?: boolean }): Promise<Result>;
}

export interface UnitsOptions {
  clock: Clock;
  ids: Ids;
  /** Called after a commit that published events. */
  onPublished?: () => void;
}

export function createUnits({ clock, ids, onPublished }: UnitsOptions): Units {
  return {
    read: (from) =>
      from === undefined ? readUnit : { ...readUnit, on: (database) => tablesOf(from(database), database) },
    async write(work, { validateOnly = false } = {}) {
      const transactions = new Transactions();
      const effects = new Set<() => void | Promise<void>>();
      const unit: Unit = {
        validateOnly,
        on: (database) => tablesOf(transactions.on(database.root), database),
        async publish({ root }, event) {
          await appendEvent(transactions.on(root), ids.next("evt"), clock.now(), event);
          if (onPublished) effects.add(onPublished);
        },
        afterCommit: (effect) => void effects.add(effect),
      };
      try {
        const result = await work(unit);
        if (validateOnly) await transactions.rollback();
        else await transactions.commit();
        if (!validateOnly) for (const effect of effects) await effect();
        return result;
      } catch (error) {
        await transactions.rollback();
        throw error;
      }
    },
  };
}

const readUnit: Unit = {
  validateOnly: false,
  on: (database) => tablesOf(database.root, database),
  publish: () => Promise.reject(new Error("A unit that only reads cannot publish an event")),
  afterCommit: (effect) => void effect(),
};

function tablesOf<Tables extends object>(
  queries: Kysely<unknown>,
  { module }: Database<Tables>,
): Kysely<Tables> {
  // The one place where a schema's name is paired with its tables' types; the module's migrations keep the promise.
  return queries.withSchema(module) as unknown as Kysely<Tables>;
}

async function appendEvent(
  queries: Kysely<unknown>,
  id: string,
  at: Date,
  event: DomainEvent,
): Promise<void> {
  // The transaction has its number before the event has its position: by it readers know who may still fill a gap.
  await sql`insert into kernel.events (id, type, account_id, data, occurred_at, transaction)
    select ${id}, ${event.type}, ${event.account_id ?? null}, ${JSON.stringify(event.data)}::jsonb, ${at}::timestamptz, number
    from (select pg_current_xact_id() as number offset 0) as own`.execute(queries);
}
