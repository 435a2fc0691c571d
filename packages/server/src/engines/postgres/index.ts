export { checkDatabase, checkReplica, checkServer } from "./server-check.ts";
export { openDatabase, type Database, type DatabaseOptions } from "./database.ts";
export { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from "./embedded.ts";
export { explain, type Place } from "./explain.ts";
export { nameOf } from "./location.ts";
export { PostgresError, type Logger, type PostgresErrorCode } from "./errors.ts";
export { ensureExtensions, migrate, type MigrateOptions } from "./migrations.ts";
export { Pulse } from "./pulse.ts";
export { Replica } from "./replica.ts";
