import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package, from its sources as from its build; SQL is read from there. */
export const packageRoot = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error("The files of @flix/server are not complete: package.json is missing");
  return findRoot(parent);
}
