import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { passwordFile } from "./cluster.ts";

/** Where the server listens: a socket in a private folder, or on Windows a random port of loopback. */
export type Address = { kind: "socket"; folder: string; port: 5432 } | { kind: "loopback"; port: number };

export function connectionString(
  address: Address,
  { user, database, password }: { user: string; database: string; password?: string },
): string {
  const credentials = password === undefined ? user : `${user}:${encodeURIComponent(password)}`;
  const base = `postgresql://${credentials}@`;
  return address.kind === "socket"
    ? `${base}localhost:${address.port}/${database}?host=${encodeURIComponent(address.folder)}`
    : `${base}127.0.0.1:${address.port}/${database}`;
}

/** A port that was free a moment ago; PostgreSQL cannot be told to choose one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}

export async function readPassword(directory: string): Promise<string | undefined> {
  return process.platform === "win32" ? (await readFile(passwordFile(directory), "utf8")).trim() : undefined;
}
