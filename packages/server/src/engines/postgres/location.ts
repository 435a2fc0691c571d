import { accessSync, constants } from "node:fs";

const tlsModes = ["disable", "require", "verify-ca", "verify-full"];
const tlsFiles = ["sslrootcert", "sslcert", "sslkey"];

/** A connection URI as PostgreSQL's own clients read it; the files that it names for TLS have to be there. */
export function postgresUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol))
    throw new Error("must be a URL such as postgres://user:password@host:5432/flix");
  checkTls(url.searchParams);
  return value;
}

function checkTls(parameters: URLSearchParams): void {
  const mode = parameters.get("sslmode");
  const files = tlsFiles.filter((name) => parameters.has(name));
  // Those that may go on without TLS leave it to whoever is in between to forbid it.
  if (mode !== null && !tlsModes.includes(mode))
    throw new Error(`sslmode must be one of ${tlsModes.join(", ")}`);
  if (files.length > 0 && (mode === null || mode === "disable"))
    throw new Error(`${files.join(", ")} without TLS: add sslmode=verify-full`);
  if (mode === "verify-ca" && !files.includes("sslrootcert"))
    throw new Error(
      "sslmode=verify-ca needs the authority that signed the certificate: add sslrootcert=<PEM file>",
    );
  for (const name of files) {
    const file = parameters.get(name) ?? "";
    try {
      accessSync(file, constants.R_OK);
    } catch {
      throw new Error(`${name}=${file} cannot be read: it must be a PEM file`);
    }
  }
}

/**
 * Node's client takes `require` for `verify-full` unless it is told to mean what libpq means: TLS with whoever answers, or with
 * who has a certificate of `sslrootcert` where that is given.
 */
export function asLibpqMeans(url: string): string {
  return /[?&]sslmode=/.test(url) ? `${url}&uselibpqcompat=true` : url;
}

/** The address as it may be shown: whose password and files these are stays out. */
export function nameOf(url: string): string {
  const { protocol, username, host, pathname, searchParams } = new URL(url);
  const shown = ["host", "sslmode"].flatMap((name) => {
    const value = searchParams.get(name);
    return value === null ? [] : [`${name}=${value}`];
  });
  const user = username === "" ? "" : `${username}@`;
  return `${protocol}//${user}${host}${pathname}${shown.length > 0 ? "?" : ""}${shown.join("&")}`;
}
