/** How a database says that the same request may succeed later, and after how many seconds to try; undefined: it may not. */
export function retryAfterDatabaseFault(error: unknown): number | undefined {
  if (isDatabaseGone(error)) return 5;
  return contended.test(fieldsOf(error).code) ? 1 : undefined;
}

/** It cannot be used by anybody now. */
export function isDatabaseGone(error: unknown): boolean {
  const { code, syscall, message } = fieldsOf(error);
  if (gone.test(code) || refused.test(code) || (code === "ENOENT" && syscall === "connect")) return true;
  return code === "" && goneWords.test(message);
}

/** Nothing else went wrong, in all that was tried. */
export function comesOfDatabaseGone(error: unknown): boolean {
  if (isDatabaseGone(error)) return true;
  if (error instanceof AggregateError)
    return error.errors.length > 0 && error.errors.every(comesOfDatabaseGone);
  return error instanceof Error && error.cause !== undefined && comesOfDatabaseGone(error.cause);
}

/** Class 08 and 57P0x of PostgreSQL, too many connections (53300), and what a socket says that does not open or breaks. */
const gone =
  /^(08\w{3}|57P0[1-4]|53300|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE)$/;

/**
 * A password that was changed (28), a database that is not there (3D000), a primary that became a replica (25006), a certificate
 * that ran out: no request can mend it, and an operator will.
 */
const refused = /^(28\w{3}|3D000|25006|CERT_\w+|DEPTH_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_(TLS|SSL)_\w+)$/;

/** What pg says without a code. */
const goneWords =
  /timeout exceeded when trying to connect|Connection terminated|is not queryable|calling end on the pool|does not support SSL/;

/** Rolled back for another transaction's sake: serialization failure, deadlock, a lock that was not to be had. */
const contended = /^(40001|40P01|55P03)$/;

function fieldsOf(error: unknown): { code: string; syscall: string; message: string } {
  const read = (name: string) => {
    const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  return { code: read("code"), syscall: read("syscall"), message: read("message") };
}
