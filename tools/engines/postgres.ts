import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { askPort } from "./ask-port.ts";
import { provideDebianPackage } from "./debian-package.ts";
import { EngineMissing, type Engine } from "./engine.ts";
import { freePort } from "./free-port.ts";

export interface PostgresAccess {
  /** Of a superuser, who may make databases. */
  url: string;
}

const installed = "/usr/lib/postgresql";

/** PostgreSQL of Debian's package, in the release's version: older than the embedded one. Debian's own cluster is left alone. */
export const postgres: Engine<PostgresAccess> = {
  name: "postgres",
  async provide() {
    await provideDebianPackage("postgresql", installed);
    const [version] = (await readdir(installed)).toSorted((a, b) => Number(b) - Number(a));
    if (version === undefined) throw new EngineMissing(`Debian's package left no program in ${installed}`);
    return { path: join(installed, version, "bin"), version };
  },
  async prepare(folder, { path }) {
    const port = await freePort();
    const data = join(folder, "data");
    // A folder that has data keeps it: a server that a test killed comes back with what it had.
    const initialize =
      '[ -e "$0/PG_VERSION" ] || "$BIN/initdb" -D "$0" -U flix --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync';
    const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories= -c max_connections=300`;
    const serve = `exec "$BIN/postgres" -D "$0" ${options}`;
    const shell = ["/bin/sh", "-c", `{ ${initialize}; } && ${serve}`, data];
    return {
      command: asNobody(shell),
      environment: { BIN: path },
      url: `postgres://flix@127.0.0.1:${port}/postgres`,
    };
  },
  ping: signIn,
  access: (url) => ({ url }),
  variables: (url) => ({ DATABASE_URL: url }),
  named: ({ FLIX_TEST_DATABASE_URL: url }) => (url === undefined ? undefined : { url }),
};

/** PostgreSQL refuses to run as root; in a user namespace of its own, root of outside is somebody else. */
function asNobody(command: string[]): string[] {
  if (process.getuid?.() !== 0) return command;
  return ["unshare", "--user", "--map-user=1000", "--map-group=1000", ...command];
}

/** The startup message of protocol 3.0: a server that is ready lets the user in (R), one that is starting answers an error (E). */
function signIn(url: string): Promise<void> {
  const { username } = new URL(url);
  const words = Buffer.from(`\0\u0003\0\0user\0${username}\0database\0postgres\0\0`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(words.length + 4);
  return askPort(url, {
    request: Buffer.concat([length, words]),
    isReady: (answer) => answer.toString("latin1", 0, 1) === "R",
    otherwise: "is no PostgreSQL that is ready",
  });
}
