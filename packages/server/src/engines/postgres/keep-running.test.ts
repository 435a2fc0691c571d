import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded.ts";

let directory: string;
let server: EmbeddedPostgres;
let heard: (message: string) => void;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "flix-keep-"));
  heard = () => {};
  const logger = { info: log, warn: log, error: log };
  server = await startEmbeddedPostgres({ directory, logger, settings: { fsync: "off" } });
});
afterEach(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

test("a server that was killed is started again where it was, with every committed row; and so the next time", async () => {
  const { db, close } = openDatabase<unknown>({ connection: server.connectionString });
  await sql`create table films (title text)`.execute(db);
  for (const [round, title] of ["Sintel", "Elephants Dream"].entries()) {
    await sql`insert into films values (${title})`.execute(db);
    const again = message("answers again");
    await killPostmaster();
    await again;
    const { rows } = await sql`select title from films`.execute(db);
    expect(rows).toHaveLength(round + 1);
  }
  await close();
});

test("while it cannot be started it is tried again, and once it can it is", async () => {
  const settings = join(directory, "data", "postgresql.conf");
  const sound = await readFile(settings, "utf8");
  await appendFile(settings, "shared_buffers = much\n");
  const failed = message("could not be started");
  await killPostmaster();
  await failed;
  const again = message("answers again");
  await writeFile(settings, sound);
  await again;
  const { db, close } = openDatabase<unknown>({ connection: server.connectionString });
  expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  await close();
});

test("stopping before it is started again leaves it stopped", async () => {
  const ended = message("it is started again");
  await killPostmaster();
  await ended;
  await server.stop();
  const { pool, close } = openDatabase({ connection: server.connectionString });
  await expect(pool.query("select 1")).rejects.toThrow("connect ");
  await close();
});

function log(_fields: object, text: string): void {
  heard(text);
}

function message(part: string): Promise<void> {
  return new Promise((resolve) => {
    heard = (text) => {
      if (text.includes(part)) resolve();
    };
  });
}

async function killPostmaster(): Promise<void> {
  const pid = Number((await readFile(join(directory, "data", "postmaster.pid"), "utf8")).split("\n", 1)[0]);
  process.kill(pid, "SIGKILL");
}
