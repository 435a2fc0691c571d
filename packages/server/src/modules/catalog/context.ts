import type { Objects } from "../../engines/objects/objects.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Kernel } from "../../kernel/module.ts";
import type { Database } from "../../kernel/unit.ts";
import type { CatalogTables } from "./tables.ts";

/** What the module's operations work with. */
export interface CatalogContext {
  database: Database<CatalogTables>;
  clock: Clock;
  ids: Ids;
  objects: Objects;
}

export function createContext(kernel: Kernel): CatalogContext {
  const { clock, ids, objects } = kernel;
  return { database: kernel.database<CatalogTables>("catalog"), clock, ids, objects };
}
