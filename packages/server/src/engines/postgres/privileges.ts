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
  /** The embedded server's folder, which may not exist yet. */
  directory: string;
  socketFolder: string;
  postgres: string;
}

/**
 * In order: run as we are; as root, hand over to the folder's owner or to nobody; where that user cannot reach the
 * programs or the folder (a clone under a home of mode 700), or we have no name, map ourselves to nobody in a user
 * namespace, which needs no rights and changes no owner.
 */
export async function choosePrivileges(surroundings: Surroundings): Promise<Privileges> {
  if (process.platform === "win32") return { prefix: [], identity: {}, peer: userInfo().username };
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const name = ownName();

  if (uid !== 0 && name !== undefined) {
    await refuseForeignFolder(surroundings.directory, uid);
    return verified({ prefix: [], identity: {}, owner: { uid, gid }, peer: name }, surroundings);
  }
  const nobody = await findNobody();
  if (uid === 0) {
    const identity = (await folderOwner(surroundings.directory)) ?? nobody;
    const asOwner = { prefix: [], identity, owner: identity, peer: name ?? "root" };
    if (await reaches(asOwner, surroundings)) return asOwner;
  }
  const prefix = ["unshare", "--user", `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`];
  const inNamespace = { prefix, identity: {}, owner: { uid, gid }, peer: nobody.name };
  if (await reaches(inNamespace, surroundings)) return inNamespace;
  throw noWay(uid, nobody.name, surroundings);
}

async function verified(privileges: Privileges, { postgres }: Surroundings): Promise<Privileges> {
  const { status, output } = await run(postgres, ["--version"], { env: postgresEnvironment() });
  if (status === 0) return privileges;
  throw new PostgresError(
    "postgres_binaries_unusable",
    `${postgres} does not run on this machine (${output}): install again with the package's install script allowed, ${USE_ANOTHER_SERVER}`,
  );
}

/** Whether the program starts, and the folders can be entered, under these privileges. */
async function reaches(privileges: Privileges, surroundings: Surroundings): Promise<boolean> {
  const { directory, socketFolder, postgres } = surroundings;
  const [program = "/bin/sh", ...args] = [
    ...privileges.prefix,
    "/bin/sh",
    "-c",
    'cd "$2" && cd "$3" && exec "$1" --version',
    "reach",
    postgres,
    dirname(directory),
    dirname(socketFolder),
  ];
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
async function findNobody(): Promise<{ uid: number; gid: number; name: string }> {
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  const [name = "nobody", , uid = "65534", gid = "65534"] = /^nobody:.*$/m.exec(passwd)?.[0].split(":") ?? [];
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** The ordinary user to whom a data folder already belongs: `sudo flix up` must not take it from them. */
async function folderOwner(directory: string): Promise<{ uid: number; gid: number } | undefined> {
  const found = await stat(directory).catch(() => undefined);
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid };
}

async function refuseForeignFolder(directory: string, uid: number): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined || found.uid === uid) return;
  throw new PostgresError(
    "postgres_folder_not_owned",
    `${directory} belongs to user id ${found.uid} and this is user id ${uid}: start as that user, give the folder away with chown -R, choose another folder, ${USE_ANOTHER_SERVER}`,
  );
}

function noWay(uid: number, nobody: string, { directory, postgres }: Surroundings): PostgresError {
  const who = uid === 0 ? "root" : `user id ${uid}, which has no name here`;
  return new PostgresError(
    "postgres_privileges",
    `PostgreSQL does not run as ${who}. The user ${nobody} cannot reach ${postgres} and ${dirname(directory)}, and unshare --user is not allowed here. Start as an ordinary user, put both where ${nobody} can reach them, ${USE_ANOTHER_SERVER}`,
  );
}
