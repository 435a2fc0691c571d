import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { EncoderError, systemErrorCode } from "./errors.ts";
import { jsonFields } from "./json-fields.ts";

/**
 * One process works on a key at a time. The lock is a file with the owner's pid; the lock of a dead owner (kill -9, power cut) is
 * taken over: renamed to a name of our own, so that of two finders only one gets it, and looked at again before it counts as dead.
 */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await create(path)) return () => rm(path, { force: true });
    const owner = await readOwner(path);
    if (owner === "gone") continue;
    if (owner === "alive") throw inUse(path);
    const aside = `${path}.${randomBytes(6).toString("hex")}`;
    const moved = await rename(path, aside).then(
      () => true,
      () => false,
    );
    if (!moved) continue;
    if ((await readOwner(aside)) === "alive") {
      await rename(aside, path);
      throw inUse(path);
    }
    await rm(aside, { force: true });
  }
  throw inUse(path);
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(
      JSON.stringify({ pid: process.pid, host: hostname(), started: await startOf(process.pid) }),
    );
    await file.close();
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Between its creation and its first byte a lock says nothing: for this long it counts as its creator's. */
const writingMs = 10_000;

async function readOwner(path: string): Promise<"alive" | "dead" | "gone"> {
  const [text, file] = await Promise.all([
    readFile(path, "utf8").catch(() => null),
    stat(path).catch(() => null),
  ]);
  if (text === null || file === null) return "gone";
  if (text === "") return Date.now() - file.mtimeMs < writingMs ? "alive" : "dead";
  let owner;
  try {
    owner = jsonFields(JSON.parse(text));
  } catch {
    return "dead";
  }
  // A shared disk: another machine's pids mean nothing here.
  if (owner.text("host") !== hostname()) return "alive";
  const pid = owner.number("pid") ?? 0;
  if (!isRunning(pid)) return "dead";
  const started = await startOf(pid);
  return started === null || started === (owner.number("started") ?? null) ? "alive" : "dead";
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === "EPERM";
  }
}

/** When a process began, in ticks since boot: a pid that was given out again has another. Null off Linux. */
async function startOf(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const ticks = Number(text.split(") ").at(-1)?.split(" ")[19]);
  return text !== "" && Number.isFinite(ticks) ? ticks : null;
}

function inUse(path: string): EncoderError {
  return new EncoderError("work_in_use", {
    message: "Another process is encoding this file with the same settings.",
    hint: `Wait for it, or remove ${path} if you are sure that there is none.`,
  });
}
