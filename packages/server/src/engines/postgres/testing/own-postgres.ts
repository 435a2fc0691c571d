import { execFile, spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished, vi } from "vitest";
import { startDaemon, stopDaemon, type Daemon } from "../../../../../../tools/engines/daemon.ts";
import type { Program } from "../../../../../../tools/engines/engine.ts";
import { postgres } from "../../../../../../tools/engines/postgres.ts";
import { withClient } from "../../../../testing/empty-database.ts";

/** A PostgreSQL that a test may treat as it likes. */
export interface OwnPostgres {
  /** Of a superuser, without a password. */
  url: string;
  /** As a crash of the machine; what was committed is there again after `restart`. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** It keeps its connections, takes new ones, and answers nobody. */
  hang(): void;
  resume(): void;
  query(text: string): Promise<unknown[]>;
  /** A server that follows this one, stopped with the test, or where `onEnd` says. */
  replica(onEnd?: OnEnd): Promise<OwnPostgres>;
  /** Lines of postgresql.conf, and of pg_hba.conf before all others; they count after the next `restart`. */
  configure(lines: { settings?: string[]; access?: string[] }): Promise<void>;
  /** Gives it a certificate for `localhost`, signed by itself; the PEM file is resolved with. Counts after the next `restart`. */
  certify(): Promise<string>;
}

type OnEnd = (stop: () => Promise<void>) => void;

/** Stopped with the test, or where `onEnd` says. */
export async function startOwnPostgres(onEnd: OnEnd = onTestFinished): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "flix-own-postgres-"));
  return start(folder, await postgres.provide(folder), onEnd);
}

async function start(folder: string, program: Program, onEnd: OnEnd): Promise<OwnPostgres> {
  const { command, environment, url } = await postgres.prepare(folder, program);
  const data = join(folder, "data");
  let daemon: Daemon | undefined;
  const signalAll = (name: NodeJS.Signals) => {
    for (const pid of daemon ? [daemon.pid, ...childrenOf(daemon.pid)] : []) send(name, pid);
  };
  const own: OwnPostgres = {
    url,
    async kill() {
      // With its children: one that lived on would keep the next postmaster from starting.
      signalAll("SIGKILL");
      if (daemon) await stopDaemon(daemon, 0);
      daemon = undefined;
    },
    async restart() {
      await own.kill();
      daemon = await startDaemon(command, { environment, folder, log: join(folder, "output.log") });
      await vi.waitFor(() => postgres.ping(url), { timeout: 20_000, interval: 20 });
    },
    hang: () => signalAll("SIGSTOP"),
    resume: () => signalAll("SIGCONT"),
    query: (text) => withClient(url, async (client) => (await client.query(text)).rows),
    async replica(onReplicaEnd = onTestFinished) {
      const beside = await mkdtemp(join(tmpdir(), "flix-own-postgres-"));
      const words = ["-d", url, "-D", join(beside, "data"), "-R", "-X", "stream", "-c", "fast", "--no-sync"];
      await promisify(execFile)(join(program.path, "pg_basebackup"), words);
      return start(beside, program, onReplicaEnd);
    },
    async configure({ settings = [], access = [] }) {
      await appendFile(join(data, "postgresql.conf"), settings.map((line) => `${line}\n`).join(""));
      const rules = join(data, "pg_hba.conf");
      await writeFile(rules, `${access.join("\n")}\n${await readFile(rules, "utf8")}`);
    },
    async certify() {
      const [certificate, key] = [join(data, "server.crt"), join(data, "server.key")];
      const of = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "30"];
      const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
      const words = ["req", "-x509", ...kind, ...of, "-keyout", key, "-out", certificate];
      await promisify(execFile)("openssl", words);
      await own.configure({ settings: ["ssl = on"] });
      return certificate;
    },
  };
  onEnd(async () => {
    await own.kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
  });
  await own.restart();
  return own;
}

/** Each of PostgreSQL's processes is a group of its own, but all are the postmaster's children. */
function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync("pgrep", ["--parent", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => (line === "" ? [] : [Number(line)]));
}

/** One that has ended meanwhile needs no signal. */
function send(signal: NodeJS.Signals, pid: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
