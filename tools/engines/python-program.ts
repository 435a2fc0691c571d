import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { EngineMissing, type Program } from "./engine.ts";

const run = promisify(execFile);

/** A program of a Python package, in a virtual environment of its own in the cache. */
export async function providePythonProgram(
  cache: string,
  { name, version }: { name: string; version: string },
): Promise<Program> {
  const folder = join(cache, `${name}-${version}`);
  const path = join(folder, "bin", name);
  // A virtual environment holds its own path: it cannot be made aside and renamed, and one of a checkout that moved is none.
  const complete = join(folder, "complete");
  if ((await readFile(complete, "utf8").catch(() => "")) === folder) return { path, version };
  await mkdir(cache, { recursive: true });
  await rm(folder, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", folder]);
    const pip = ["--quiet", "--disable-pip-version-check", "--no-input", "install"];
    await run(join(folder, "bin", "pip"), [...pip, `${name}==${version}`], { maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new EngineMissing(explain(error, name));
  }
  await writeFile(complete, folder);
  return { path, version };
}

function explain(error: unknown, name: string): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `it is the Python package ${name}: install python3 with venv`;
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
  return `pip could not install ${name}: ${said.split("\n").at(-1)}`;
}
