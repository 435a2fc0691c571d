import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Address } from "./address.ts";
import type { Privileges } from "./privileges.ts";

/** Written at each start: a folder that moved, or runs under another user, gets what fits it now. */
export async function writeSettings(
  data: string,
  address: Address,
  privileges: Privileges,
  overrides: Record<string, string> = {},
): Promise<void> {
  const lines = Object.entries({ ...settings(address), ...overrides });
  await write(
    join(data, "postgresql.conf"),
    lines.map(([name, value]) => `${name} = ${quote(value)}`),
  );
  await write(join(data, "pg_hba.conf"), [access(address)]);
  await write(join(data, "pg_ident.conf"), [`flix "${privileges.peer}" all`]);

  async function write(path: string, content: string[]) {
    await writeFile(path, `${content.join("\n")}\n`, { mode: 0o600 });
    if (privileges.owner !== undefined) await chown(path, privileges.owner.uid, privileges.owner.gid);
  }
}

function settings(address: Address): Record<string, string> {
  const socket = address.kind === "socket";
  return {
    listen_addresses: socket ? "" : "127.0.0.1",
    port: String(address.port),
    // A list: in double quotes a comma or a space belongs to the name.
    unix_socket_directories: socket ? `"${address.folder.replaceAll('"', '""')}"` : "",
    unix_socket_permissions: "0700",
    max_connections: "100",
    shared_buffers: "128MB",
    fsync: "on",
    timezone: "UTC",
    log_timezone: "UTC",
    // LOG and worse: an ERROR is the caller's to report, and its statement may hold a viewer's data.
    log_min_messages: "log",
    log_checkpoints: "off",
  };
}

/**
 * Over a socket the kernel says which user is at the other end (`peer`), so there is no password to keep; the map
 * lets only this process's user in, under any role. No network address is accepted at all.
 */
function access(address: Address): string {
  return address.kind === "socket"
    ? "local all all peer map=flix"
    : "host all all 127.0.0.1/32 scram-sha-256";
}

/** https://www.postgresql.org/docs/current/config-setting.html: quotes are doubled, backslashes start an escape. */
function quote(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
