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

  /** Queries of the transaction on `root`; the same one however often it is asked for. */
  on(root: Kysely<unknown>): Kysely<unknown> {
    const known = this.#open.get(root);
    if (known) return known.queries;
    const transaction = new LazyTransaction(root);
    this.#open.set(root, transaction);
    return transaction.queries;
  }

  /** Commits in the order of first use. */
  async commit(): Promise<void> {
    for (const transaction of this.#open.values()) await transaction.end("commit");
  }

  async rollback(): Promise<void> {
    for (const transaction of this.#open.values()) await transaction.end("rollback");
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

  async end(how: "commit" | "rollback"): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#begun === undefined) return;
    if (how === "commit") {
      const begun = await this.#begun;
      await begun.commit().execute();
      return;
    }
    // The error that led here counts; a connection that is gone has rolled back by itself.
    await this.#begun.then((transaction) => transaction.rollback().execute()).catch(() => undefined);
  }

  #begin(): Promise<ControlledTransaction<unknown>> {
    if (this.#ended) return Promise.reject(new Error("This unit of work has ended: a query was not awaited"));
    this.#begun ??= this.#root.startTransaction().execute();
    return this.#begun;
  }
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
