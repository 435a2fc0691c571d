import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, watch, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded.ts";
import type { Logger } from "./errors.ts";

let root: string;
let directory: string;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "flix-embedded-"));
  directory = join(root, ".flix", "postgres");
});

afterEach(async () => {
  for (const child of children) await kill(child);
  // A server that a test left to its watchdog may still be writing its last files.
  await rm(root, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
});

test("rows outlive a stop, and stopping twice is harmless", async () => {
  const first = await startEmbeddedPostgres({ directory });
  await query(first, "CREATE TABLE films AS SELECT 'Amélie'::text AS title");
  await Promise.all([first.stop(), first.stop()]);
  await expect(query(first, "SELECT 1")).rejects.toThrow();
  const second = await startEmbeddedPostgres({ directory });
  expect(await query(second, "SELECT title, upper(title) FROM films")).toEqual([
    { title: "Amélie", upper: "AMÉLIE" },
  ]);
  await second.stop();
});

test("the platform's role is no superuser, and the server is on no network and writes to the disk", async () => {
  const server = await startEmbeddedPostgres({ directory });
  const rows = await query(
    server,
    `SELECT rolsuper, rolcreatedb, rolcreaterole, current_setting('fsync') AS fsync, current_database() AS database,
       current_setting('listen_addresses') AS addresses FROM pg_roles WHERE rolname = current_user`,
  );
  const nothing = { rolsuper: false, rolcreatedb: false, rolcreaterole: false };
  expect(rows).toEqual([{ ...nothing, fsync: "on", database: "flix", addresses: "" }]);
  expect((await stat(join(directory, "socket"))).mode & 0o777).toBe(0o700);
  await server.stop();
});

test("a second process is refused and told who holds the folder; afterwards it may have it", async () => {
  const holder = await startProcess();
  expect(holder.said).toHaveProperty("connectionString");
  const second = await startProcess();
  expect(second.said).toMatchObject({
    code: "postgres_folder_locked",
    message: expect.stringContaining(`process ${holder.child.pid}:`),
  });
  holder.child.kill("SIGTERM");
  expect(await once(holder.child, "exit")).toEqual([0, null]);
  const server = await startEmbeddedPostgres({ directory });
  await server.stop();
});

test("of several that start on a new folder at once, one wins", async () => {
  const started = await Promise.all([startProcess(), startProcess(), startProcess()]);
  const said = started.map(({ said }) => ("code" in said ? said.code : "started")).sort();
  expect(said).toEqual(["postgres_folder_locked", "postgres_folder_locked", "started"]);
});

test("kill -9 of the parent ends PostgreSQL too, and no acknowledged row is lost", async () => {
  const { child, said } = await startProcess();
  const acknowledged = await insertUntil(said.connectionString, () => child.kill("SIGKILL"));
  await untilGone(join(directory, "data", "postmaster.pid"));
  expect(acknowledged).toBeGreaterThan(0);
  expect(await countRows()).toBeGreaterThanOrEqual(acknowledged);
});

test("a PostgreSQL that outlived its parent is stopped by the next start, and no acknowledged row is lost", async () => {
  const { child, said } = await startProcess();
  const pid = await postmasterPid();
  const watchdog = await watchdogOf(pid);
  const acknowledged = await insertUntil(
    said.connectionString,
    () => {
      process.kill(watchdog, "SIGKILL");
      child.kill("SIGKILL");
    },
    200,
  );
  await kill(child);
  const warn = vi.fn();
  expect(await countRows({ info: () => {}, warn, error: () => {} })).toBeGreaterThanOrEqual(acknowledged);
  expect(warn).toHaveBeenCalledExactlyOnceWith({ pid }, expect.stringContaining("outlived"));
});

test("kill -9 of parent and PostgreSQL together loses no acknowledged row", async () => {
  const { child, said } = await startProcess();
  const pid = await postmasterPid();
  const acknowledged = await insertUntil(said.connectionString, () => {
    child.kill("SIGKILL");
    process.kill(pid, "SIGKILL");
  });
  await kill(child);
  // As in a container, where numbers start again: the old one is another living process now.
  const pidFile = join(directory, "data", "postmaster.pid");
  await writeFile(pidFile, (await readFile(pidFile, "utf8")).replace(/^\d+/, String(process.ppid)));
  expect(await countRows()).toBeGreaterThanOrEqual(acknowledged);
});

test("a PostgreSQL that ends by itself is reported", async () => {
  const { promise: reported, resolve: error } = Promise.withResolvers<unknown>();
  const server = await startEmbeddedPostgres({
    directory,
    logger: { info: () => {}, warn: () => {}, error },
  });
  process.kill(await postmasterPid(), "SIGKILL");
  expect(await reported).toMatchObject({ reason: "it ended with SIGKILL" });
  await server.stop();
});

test("an initdb that was killed half-way is done again", async () => {
  await mkdir(directory, { recursive: true });
  const child = spawnProcess();
  for await (const { filename } of watch(directory)) if (filename?.startsWith("data.partial-")) break;
  await kill(child);
  expect(await readdir(directory)).not.toContain("data");
  const server = await startEmbeddedPostgres({ directory });
  expect(await query(server, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await server.stop();
  expect((await readdir(directory)).filter((name) => name.startsWith("data"))).toEqual(["data"]);
});

test.each([
  ["spaces, quotes and commas", `it's a "folder", 100% \\ $HOME \`x\``],
  ["other scripts", "映画 фильм ﷽"],
  ["a path longer than a socket's name may be", "long".repeat(40)],
])("a folder with %s", async (_, name) => {
  directory = join(root, name);
  const before = await temporarySockets();
  const server = await startEmbeddedPostgres({ directory });
  expect(await query(server, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await server.stop();
  expect(await temporarySockets()).toEqual(before);
});

test("data of another major version, and files that are no data, are refused and left alone", async () => {
  await (await startEmbeddedPostgres({ directory })).stop();
  const versionFile = join(directory, "data", "PG_VERSION");
  await writeFile(versionFile, "17\n");
  await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({
    code: "postgres_version_mismatch",
  });
  await rm(versionFile);
  await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({
    code: "postgres_folder_unknown",
  });
  await writeFile(versionFile, "18\n");
  await (await startEmbeddedPostgres({ directory })).stop();
});

test("a server that cannot start says why", async () => {
  const settings = { shared_buffers: "much" };
  await expect(startEmbeddedPostgres({ directory, settings })).rejects.toMatchObject({
    code: "postgres_start_failed",
    message: expect.stringMatching(/shared_buffers[^]*DATABASE_URL/),
  });
});

test("a folder where a file is in the way is named", async () => {
  directory = join(root, "file", "postgres");
  await writeFile(join(root, "file"), "");
  await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({
    code: "postgres_folder_unusable",
  });
});

function spawnProcess(): ChildProcess {
  const program = join(import.meta.dirname, "../../../testing/embedded-postgres-process.ts");
  const child = spawn(process.execPath, ["--conditions=@flix/source", program, directory], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.add(child);
  return child;
}

async function startProcess() {
  const child = spawnProcess();
  if (child.stdout === null) throw new Error("the process was started with a pipe");
  const [line]: string[] = await once(createInterface(child.stdout), "line");
  return { child, said: JSON.parse(line ?? "{}") };
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function query(server: Pick<EmbeddedPostgres, "connectionString">, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.connectionString });
  client.on("error", () => {});
  await client.connect();
  return (await client.query(text).finally(() => client.end())).rows;
}

/** Commits rows one by one, calls `act` in the middle of it, and counts those that the server had acknowledged. */
async function insertUntil(connectionString: string, act: () => void, limit = Infinity): Promise<number> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  await client.query("CREATE TABLE plays (id bigint PRIMARY KEY)");
  let acknowledged = 0;
  try {
    for (; acknowledged < limit; acknowledged += 1) {
      if (acknowledged === 50) act();
      await client.query("INSERT INTO plays VALUES ($1)", [acknowledged]);
    }
  } catch (error) {
    if (acknowledged < 50) throw error;
  } finally {
    await client.end();
  }
  return acknowledged;
}

async function countRows(logger?: Logger): Promise<number> {
  const server = await startEmbeddedPostgres({ directory, logger });
  const [row] = await query(server, "SELECT count(*)::int AS rows FROM plays");
  await server.stop();
  return Number(Reflect.get(Object(row), "rows"));
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(directory, "data", "postmaster.pid"), "utf8")).split("\n")[0]);
}

async function watchdogOf(postmaster: number): Promise<number> {
  const mark = `flix-postgres-watchdog ${postmaster} `;
  if (process.platform !== "linux") {
    const list = execFileSync("ps", ["-Aww", "-o", "pid=,command="], { encoding: "utf8" }).split("\n");
    return Number.parseInt(list.find((line) => line.includes(mark)) ?? "", 10);
  }
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.replaceAll("\0", " ").includes(mark)) return Number(pid);
  }
  throw new Error(`no watchdog guards PostgreSQL ${postmaster}`);
}

async function untilGone(path: string): Promise<void> {
  while (await stat(path).catch(() => undefined)) await delay(10);
}

async function temporarySockets(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("flix-pg-")).sort();
}
