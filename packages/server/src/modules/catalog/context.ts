import type { Objects } from "../../engines/objects/objects.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Kernel } from "../../kernel/module.ts";
import type { Database } from "../../kernel/unit.ts";
import type { Users } from "../users/index.ts";
import type { CatalogTables } from "./tables.ts";

/** What the module's operations work with. */
export interface CatalogContext {
  database: Database<CatalogTables>;
  clock: Clock;
  ids: Ids;
  objects: Objects;
  users: Pick<Users, "getViewer">;
}

export function createContext(kernel: Kernel, users: CatalogContext["users"]): CatalogContext {
  const { clock, ids, objects } = kernel;
  return { database: kernel.database<CatalogTables>("catalog"), clock, ids, objects, users };
}
