import { PostgresError, type PostgresErrorCode } from "./errors.ts";
import { nameOf } from "./location.ts";

/** A database, and the variable that names it. */
export interface Place {
  variable: string;
  url: string;
}

/** A fault of a database, for the operator: which variable, what was tried, what to do. */
export function explain(error: unknown, { variable, url }: Place): unknown {
  const place = `${variable}=${nameOf(url)}`;
  if (error instanceof PostgresError) {
    if (error.message.startsWith(`${variable}=`)) return error;
    return new PostgresError(error.code, `${place}: ${error.message}`, { cause: error.cause });
  }
  const faults = faultsOf(error);
  const advice = advices.find(({ when }) =>
    faults.some(({ code, message }) => when.test(`${code}: ${message}`)),
  );
  if (advice === undefined) return error;
  const { code, what, next } = advice;
  const said = faults.map(({ message }) => message).join("; ");
  return new PostgresError(code, `${place}: ${what} (${said}). ${next}`, { cause: error });
}

interface Advice {
  /** Of `code: message`; the code is PostgreSQL's SQLSTATE or Node's. */
  when: RegExp;
  code: PostgresErrorCode;
  what: string;
  next: string;
}

/** The first that fits. */
const advices: Advice[] = [
  {
    when: /^28000: .*(no encryption|SSL off)/,
    code: "postgres_tls_failed",
    what: "the server lets nobody in without TLS",
    next: "Add sslmode=verify-full to the URL, and sslrootcert=<PEM file> where its authority is your own.",
  },
  {
    when: /does not support SSL/,
    code: "postgres_tls_failed",
    what: "the server has no TLS",
    next: "Switch it on there, or take sslmode out of the URL where the way is safe without.",
  },
  {
    when: /^(CERT_|DEPTH_|SELF_|UNABLE_|ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO)|certificate|SSL connection|TLS connection/,
    code: "postgres_tls_failed",
    what: "there is no TLS with the server",
    next: "Set sslrootcert in the URL to the PEM file of the authority that signed its certificate, and name the host as the certificate does (sslmode=verify-ca takes any name).",
  },
  {
    when: /^28|SASL|SCRAM/,
    code: "postgres_credentials_refused",
    what: "the server does not let this user in",
    next: "Check user and password of the URL (percent-encoded where they hold /, @, : or %), and the server's pg_hba.conf.",
  },
  {
    when: /^3D000/,
    code: "postgres_database_missing",
    what: "the server has no such database",
    next: "Create it (CREATE DATABASE), or name another.",
  },
  {
    when: /^42501/,
    code: "postgres_access_denied",
    what: "the user may not do what is needed",
    next: "Make the user the owner of the database: ALTER DATABASE ... OWNER TO ...",
  },
  {
    when: /^25006/,
    code: "postgres_read_only",
    what: "the server takes no changes",
    next: "Name the primary, not a replica; that one goes into FLIX_REPLICA_DATABASE_URL.",
  },
  {
    when: /^53300/,
    code: "postgres_full",
    what: "the server has no connection left",
    next: "Raise its max_connections, or lower FLIX_DATABASE_POOL: each process takes that many, and as many for each database of a module's own.",
  },
  {
    when: /^57P03/,
    code: "postgres_unreachable",
    what: "the server is starting or stopping",
    next: "Wait until it takes connections, and start again.",
  },
  {
    when: /^(08|57P|E(CONN|TIMEDOUT|HOST|NET|NOTFOUND|AI_AGAIN|PIPE)|ENOENT: connect)|timeout|terminated/,
    code: "postgres_unreachable",
    what: "no server answers",
    next: "Check that it runs, that host and port of the URL are its own, and that nothing on the way keeps it back.",
  },
];

/** The codes and the words, never the URL. Several addresses of a name fail as one error. */
function faultsOf(error: unknown): { code: string; message: string }[] {
  if (error instanceof AggregateError) return error.errors.flatMap(faultsOf);
  if (!(error instanceof Error)) return [{ code: "", message: String(error) }];
  return [{ code: String(Reflect.get(error, "code") ?? ""), message: error.message }];
}
