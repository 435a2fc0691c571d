/** Everything that can go wrong before a database answers. `code` is stable; `message` says what to do next. */
export class PostgresError extends Error {
  readonly code: PostgresErrorCode;

  constructor(code: PostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PostgresError";
    this.code = code;
  }
}

export type PostgresErrorCode =
  | "no_space"
  | "postgres_access_denied"
  | "postgres_binaries_missing"
  | "postgres_binaries_unusable"
  | "postgres_credentials_refused"
  | "postgres_database_missing"
  | "postgres_extension_unavailable"
  | "postgres_folder_locked"
  | "postgres_folder_not_owned"
  | "postgres_folder_unknown"
  | "postgres_folder_unusable"
  | "postgres_full"
  | "postgres_initdb_failed"
  | "postgres_no_replica"
  | "postgres_orphan_running"
  | "postgres_privileges"
  | "postgres_read_only"
  | "postgres_replica_behind"
  | "postgres_runtime_too_old"
  | "postgres_server_too_old"
  | "postgres_start_failed"
  | "postgres_tls_failed"
  | "postgres_unreachable"
  | "postgres_version_mismatch"
  | "migration_changed"
  | "migration_failed"
  | "migration_name_invalid"
  | "migration_out_of_order"
  | "migration_schema_invalid"
  | "migration_unknown";

/** The way out of every failure of the embedded server. */
export const USE_ANOTHER_SERVER =
  "or set DATABASE_URL to a PostgreSQL server (15 or later) of your own, and the embedded one is not used.";

/** The part of pino that this engine speaks to. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
