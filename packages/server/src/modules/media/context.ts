import type { Objects } from "../../engines/objects/objects.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Kernel } from "../../kernel/module.ts";
import { createSeal } from "../../kernel/sealing.ts";
import type { Database, Units } from "../../kernel/unit.ts";
import type { Catalog } from "../catalog/index.ts";
import type { KeySeals } from "./content-keys.ts";
import type { MediaTables } from "./tables.ts";

/** What the module's operations work with. */
export interface MediaContext {
  database: Database<MediaTables>;
  clock: Clock;
  ids: Ids;
  objects: Objects;
  /** For work that must not hold a transaction while it moves bytes. */
  units: Units;
  keySeals: KeySeals;
  catalog: Pick<Catalog, "getTitle" | "setCurrentPackage">;
  directUploads: boolean;
  readings: FileReadings;
}

/** Of files that were made of parts; what is lost with the process is read again. */
export interface FileReadings {
  running: Map<string, Promise<boolean>>;
  /** By package, the path of the file that was found to be another one, until that is told. */
  differing: Map<string, string>;
}

export function createContext(
  kernel: Kernel,
  { catalog, directUploads = true }: Pick<MediaContext, "catalog"> & { directUploads?: boolean },
): MediaContext {
  const { clock, ids, objects, units, secret, previousSecret } = kernel;
  const sealOf = (root: Buffer) => createSeal(root, "content keys");
  return {
    database: kernel.database<MediaTables>("media"),
    clock,
    ids,
    objects,
    units,
    keySeals: [sealOf(secret), ...(previousSecret ? [sealOf(previousSecret)] : [])],
    catalog,
    directUploads,
    readings: { running: new Map(), differing: new Map() },
  };
}
