import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { open, readFile, stat, rename } from "node:fs/promises";
import type { Binaries } from "./binaries.ts";
import type { Privileges } from "./privileges.ts";
import { postgresEnvironment, run } from "./run.ts";
import { startWatchdog } from "./watchdog.ts";

/** A running `postgres`, the parent of all its backends. */
export interface Postmaster {
  /** Why it is not running; undefined while it is. */
  exited(): string | undefined;
  /** Calls once if it ends without having been stopped. Not known on Windows, where it is not our child. */
  onUnexpectedEnd(listener: (reason: string) => void): void;
  /** Ends it: sessions are cut, a checkpoint is written, nothing committed is lost. */
  stop(): Promise<void>;
  /** What it has said since this start. */
  log(): Promise<string>;
}

export interface PostmasterOptions {
  data: string;
  logPath: string;
  binaries: Binaries;
  privileges: Privileges;
}

type Process = Omit<Postmaster, "log">;

const LOG_LIMIT_BYTES = 10_000_000;
const FAST_SHUTDOWN_MS = 60_000;

export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const logStart = await rotate(options.logPath);
  const started = process.platform === "win32" ? startWithPgCtl(options) : startDirectly(options);
  const log = async () => (await readFile(options.logPath)).subarray(logStart).toString("utf8").trimEnd();
  return { ...(await started), log };
}

async function startDirectly({ data, logPath, binaries, privileges }: PostmasterOptions): Promise<Process> {
  const log = await open(logPath, "a", 0o600);
  const [program, ...args] = [...privileges.prefix, binaries.postgres, "-D", data];
  const child = spawn(program, args, {
    ...privileges.identity,
    cwd: data,
    env: postgresEnvironment(),
    // A session of its own: Ctrl-C at the terminal is for us, who drain requests first and stop it last. The log is
    // a file, since a pipe that nobody empties would stop the server.
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  const controls = control(child, data);
  await log.close();
  return controls;
}

function control(child: ChildProcess, data: string): Process {
  let reason: string | undefined;
  let stopping = false;
  const ended = new EventEmitter<{ unexpectedly: [string] }>();
  const watchdog = child.pid === undefined ? undefined : startWatchdog(child.pid, data);
  child.once("error", (error) => (reason = error.message));
  child.once("exit", (status, signal) => {
    watchdog?.dismiss();
    reason = `it ended with ${signal ?? `status ${status}`}`;
    if (!stopping) ended.emit("unexpectedly", reason);
  });
  child.unref();
  return {
    exited: () => reason,
    onUnexpectedEnd: (listener) => void ended.once("unexpectedly", listener),
    stop() {
      stopping = true;
      return shutDown(child);
    },
  };
}

async function shutDown(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const exited = once(child, "exit");
  child.kill("SIGINT");
  // Immediate shutdown loses nothing either: the next start replays the log.
  const impatience = setTimeout(() => child.kill("SIGQUIT"), FAST_SHUTDOWN_MS);
  await exited;
  clearTimeout(impatience);
}

/** On Windows pg_ctl sheds an administrator's rights, and its named pipe stands in for signals. */
async function startWithPgCtl({ data, logPath, binaries }: PostmasterOptions): Promise<Process> {
  const pgCtl = (...args: string[]) => run(binaries.pgCtl, args, { env: postgresEnvironment() });
  const started = await pgCtl("start", "-W", "-D", data, "-l", logPath);
  return {
    exited: () => (started.status === 0 ? undefined : started.output),
    onUnexpectedEnd: () => {},
    async stop() {
      await pgCtl("stop", "-D", data, "-m", "fast", "-t", String(FAST_SHUTDOWN_MS / 1000));
    },
  };
}

/** Keeps one older log, and says where this start's lines begin. */
async function rotate(logPath: string): Promise<number> {
  const size = await stat(logPath).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= LOG_LIMIT_BYTES) return size;
  await rename(logPath, `${logPath}.1`);
  return 0;
}
