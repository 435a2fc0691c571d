import { chmod, lchown, mkdir, mkdtemp, readdir, rm, rmdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { PostgresError, USE_ANOTHER_SERVER } from "./errors.ts";
import type { Privileges } from "./privileges.ts";

/**
 * `sockaddr_un.sun_path` holds 108 bytes on Linux and 104 on macOS, with the closing zero: unix(7). The smaller
 * one serves everywhere.
 */
const SOCKET_PATH_BYTES = 103;
const SOCKET_FILE = ".s.PGSQL.5432";
const TEMPORARY_PREFIX = "flix-pg-";

/** Makes the server's folder; only the leaf is private, so that its parents stay passable for others. */
export async function createPrivateFolder(directory: string): Promise<void> {
  const uid = process.getuid?.();
  const found = await stat(directory).catch(() => undefined);
  if (found !== undefined && uid !== undefined && uid !== 0 && found.uid !== uid) {
    throw new PostgresError(
      "postgres_folder_not_owned",
      `${directory} belongs to user id ${found.uid} and this is user id ${uid}: start as that user, give the folder away with chown -R, choose another folder, ${USE_ANOTHER_SERVER}`,
    );
  }
  try {
    await mkdir(dirname(directory), { recursive: true });
    await mkdir(directory, { mode: 0o700 }).catch(ignoreExisting);
  } catch (cause) {
    throw new PostgresError(
      "postgres_folder_unusable",
      `Cannot create ${directory} (${cause instanceof Error ? cause.message : String(cause)}): choose a folder that this user may write, ${USE_ANOTHER_SERVER}`,
      { cause },
    );
  }
}

/** `<directory>/socket`, or a short folder in the system's temporary one where that name would be too long. */
export async function createSocketFolder(directory: string): Promise<string> {
  const inside = join(directory, "socket");
  if (fits(inside)) {
    await mkdir(inside, { mode: 0o700 }).catch(ignoreExisting);
    return inside;
  }
  // mkdtemp gives mode 0700 and a name that nobody could have taken before.
  const parent = fits(join(tmpdir(), `${TEMPORARY_PREFIX}XXXXXX`)) ? tmpdir() : "/tmp";
  return mkdtemp(join(parent, TEMPORARY_PREFIX));
}

/**
 * Removes what a killed server left. Only called by the holder of the data folder's lock: PostgreSQL itself would
 * refuse as long as its lock file beside the socket names any process, even one that waits to be reaped.
 */
export async function clearSocketFolder(folder: string): Promise<void> {
  for (const name of [SOCKET_FILE, `${SOCKET_FILE}.lock`]) await rm(join(folder, name), { force: true });
}

/** Removes a temporary folder of ours, and never more than that: with anything else in it, it stays. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (!basename(folder).startsWith(TEMPORARY_PREFIX)) return;
  await clearSocketFolder(folder);
  await rmdir(folder).catch(() => {});
}

/** Gives a folder to the user PostgreSQL runs as; its content too, if it was another's before. */
export async function handOver(folder: string, { owner }: Privileges): Promise<void> {
  if (owner === undefined) return;
  await chmod(folder, 0o700);
  if ((await stat(folder)).uid === owner.uid) return;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) await lchown(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  // The folder itself comes last: interrupted, the next start does it all again.
  await lchown(folder, owner.uid, owner.gid);
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, SOCKET_FILE)) <= SOCKET_PATH_BYTES;
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && Reflect.get(error, "code") === "EEXIST")) throw error;
}
