import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type ControlledTransaction,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from "kysely";

/**
 * The transactions of one unit of work, one a database, each begun by its first query: a unit that ends before it
 * has asked anything costs no round trip.
 */
export class Transactions {
  readonly #open = new Map<Kysely<unknown>, LazyTransaction>();
  #ended = false;

  /** Queries of the transaction on `root`; the same one however often it is asked for. */
  on(root: Kysely<unknown>): Kysely<unknown> {
    const known = this.#open.get(root);
    if (known) return known.queries;
    if (this.#ended) throw endedError();
    const transaction = new LazyTransaction(root);
    this.#open.set(root, transaction);
    return transaction.queries;
  }

  /**
   * Commits the database that was used first as the last. That is the one with the record of the work itself (the
   * idempotency key, the listener's place): a crash between two commits leaves work to repeat, never work that is lost.
   */
  async commit(): Promise<void> {
    this.#ended = true;
    for (const transaction of [...this.#open.values()].toReversed()) await transaction.commit();
  }

  async rollback(): Promise<void> {
    this.#ended = true;
    for (const transaction of this.#open.values()) await transaction.rollback();
  }
}

class LazyTransaction {
  readonly queries: Kysely<unknown>;
  readonly #root: Kysely<unknown>;
  #begun: Promise<ControlledTransaction<unknown>> | undefined;
  #ended = false;

  constructor(root: Kysely<unknown>) {
    this.#root = root;
    this.queries = new Kysely<unknown>({ dialect: dialectOver(() => this.#begin()) });
  }

  async commit(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const transaction = await this.#begun;
    try {
      await transaction?.commit().execute();
    } catch (error) {
      // Kysely gives the connection back after a commit that worked, or a rollback.
      if (transaction) await giveUp(transaction);
      throw error;
    }
  }

  async rollback(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const transaction = await this.#begun?.catch(() => undefined);
    if (transaction) await giveUp(transaction);
  }

  #begin(): Promise<ControlledTransaction<unknown>> {
    if (this.#ended) return Promise.reject(endedError());
    this.#begun ??= this.#root.startTransaction().execute();
    return this.#begun;
  }
}

function endedError(): Error {
  return new Error("This unit of work has ended: a query was not awaited");
}

/** The error that led here counts; a connection that is gone has rolled back by itself. */
async function giveUp(transaction: ControlledTransaction<unknown>): Promise<void> {
  await transaction
    .rollback()
    .execute()
    .catch(() => undefined);
}

function dialectOver(begin: () => Promise<ControlledTransaction<unknown>>): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: async (query) => {
      const { rows, numAffectedRows } = await (await begin()).executeQuery(query);
      // Kysely's executor types rows as unknown; the query that was built knows them.
      return { rows: rows as never[], ...(numAffectedRows === undefined ? {} : { numAffectedRows }) };
    },
    streamQuery: () => {
      throw new Error("Rows are not streamed inside a unit of work");
    },
  };
  const refuse = () =>
    Promise.reject(new Error("A unit of work is one transaction; it cannot begin another"));
  const driver: Driver = {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
  };
  return {
    createDriver: () => driver,
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
