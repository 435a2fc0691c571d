import pino, { type Logger } from "pino";

/** Structured lines on `destination` (standard output); what opens something is never written. */
export function createLog(level: string, destination?: { write(line: string): void }): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: "[redacted]" },
    },
    destination ?? pino.destination({ sync: false }),
  );
}

const secretNames = [
  "password",
  "token",
  "access_token",
  "refresh_token",
  "client_secret",
  "authorization",
  "cookie",
  "secret",
];
/** In these PostgreSQL repeats the row, the key or the statement that failed, which may hold anything. */
const rowNames = ["detail", "where", "internalQuery"];
const secretPaths = [
  ...secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  ...rowNames.flatMap((name) => [`err.${name}`, `error.${name}`, `err.aggregateErrors[*].${name}`]),
];
