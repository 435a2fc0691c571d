import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { PostgresError, USE_ANOTHER_SERVER } from "./errors.ts";
import { postgresEnvironment, run } from "./run.ts";

/** As whom the PostgreSQL programs run. PostgreSQL refuses root, and initdb refuses a user id without a name. */
export interface Privileges {
  /** Put before the program: empty, or `unshare` with its options. */
  prefix: string[];
  /** Given to spawn: empty, or the unprivileged user. */
  identity: { uid?: number; gid?: number };
  /** Who has to own the data and socket folders; undefined where that is not ours to say (Windows). */
  owner?: { uid: number; gid: number };
  /** The name that PostgreSQL sees for this process at the other end of a socket (`peer` authentication). */
  peer: string;
}

interface Surroundings {
  /** The embedded server's folder; it exists. */
  directory: string;
  /** The folders in which that one and the socket's lie: whoever runs PostgreSQL must be able to enter them. */
  parents: string[];
  postgres: string;
}

interface User {
  uid: number;
  gid: number;
}

/**
 * In order: run as we are; as root, hand over to an unprivileged user who can reach the programs and the folder;
 * where none can (a clone under root's home of mode 700), or we have no name, map ourselves to nobody in a user
 * namespace, which needs no rights and changes no owner.
 */
export async function choosePrivileges(surroundings: Surroundings): Promise<Privileges> {
  if (process.platform === "win32") return { prefix: [], identity: {}, peer: userInfo().username };
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const name = ownName();
  if (self.uid !== 0 && name !== undefined) {
    return verified({ prefix: [], identity: {}, owner: self, peer: name }, surroundings);
  }
  const nobody = await findNobody();
  if (self.uid === 0) {
    for (const { uid, gid } of await unprivilegedUsers(surroundings.directory, nobody)) {
      const handedOver = { prefix: [], identity: { uid, gid }, owner: { uid, gid }, peer: name ?? "root" };
      if (await reaches(handedOver, surroundings)) return handedOver;
    }
  }
  const prefix = ["unshare", "--user", `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`];
  const inNamespace = { prefix, identity: {}, owner: self, peer: nobody.name };
  if (await reaches(inNamespace, surroundings)) return inNamespace;
  throw noWay(self.uid, nobody.name, surroundings);
}

async function verified(privileges: Privileges, { postgres }: Surroundings): Promise<Privileges> {
  const { status, output } = await run(postgres, ["--version"], { env: postgresEnvironment() });
  if (status === 0) return privileges;
  throw new PostgresError(
    "postgres_binaries_unusable",
    `${postgres} does not run on this machine (${output}): install again with the package's install script allowed, ${USE_ANOTHER_SERVER}`,
  );
}

/** Whether the user has a name, can enter the folders, and the program starts. */
async function reaches(privileges: Privileges, { parents, postgres }: Surroundings): Promise<boolean> {
  const script = 'id -un && for folder do cd "$folder" || exit 1; done && exec "$0" --version';
  const command = [...privileges.prefix, "/bin/sh", "-c", script, postgres, ...parents];
  const [program = "/bin/sh", ...args] = command;
  const options = { ...privileges.identity, env: postgresEnvironment(), cwd: "/" };
  return (await run(program, args, options)).status === 0;
}

/** undefined in a container that runs with a bare user id. */
function ownName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** nobody is 65534 on Linux, -2 on macOS, and something else on a few others: ask. */
async function findNobody(): Promise<User & { name: string }> {
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  const [name = "nobody", , uid = "65534", gid = "65534"] = /^nobody:.*$/m.exec(passwd)?.[0].split(":") ?? [];
  return { name, uid: Number(uid), gid: Number(gid) };
}

/**
 * First the one to whom the data already belongs, since `sudo flix up` must not take it from them; then nobody;
 * then those whose homes the folder lies in.
 */
async function unprivilegedUsers(directory: string, nobody: User): Promise<User[]> {
  const owners = [await ownerOf(directory), nobody];
  for (let folder = directory; folder !== dirname(folder); folder = dirname(folder)) {
    owners.push(await ownerOf(dirname(folder)));
  }
  const unique = new Map(owners.filter(({ uid }) => uid !== 0).map((user) => [user.uid, user]));
  return [...unique.values()];
}

async function ownerOf(folder: string): Promise<User> {
  const { uid, gid } = await stat(folder);
  return { uid, gid };
}

function noWay(uid: number, nobody: string, { parents, postgres }: Surroundings): PostgresError {
  const who = uid === 0 ? "root" : `user id ${uid}, which has no name here`;
  return new PostgresError(
    "postgres_privileges",
    `PostgreSQL does not run as ${who}. The user ${nobody} cannot reach ${postgres} and ${parents.join(", ")}, and unshare --user is not allowed here. Start as an ordinary user, put both where ${nobody} can reach them, ${USE_ANOTHER_SERVER}`,
  );
}
