import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { EngineMissing, type Program } from "./engine.ts";

const run = promisify(execFile);
const policyPath = "/usr/sbin/policy-rc.d";
const keepsServicesDown = "#!/bin/sh\nexit 101\n";

/** apt's lists and the policy below are the machine's: one at a time. */
let queue: Promise<void> = Promise.resolve();

/** A program of a Debian package, in the version of the machine's release; installed when it is missing and we are root. */
export async function provideDebianPackage(name: string, path: string): Promise<Program> {
  if (!existsSync(path)) await (queue = queue.catch(() => {}).then(() => install(name)));
  const { stdout } = await run("dpkg-query", ["--show", "--showformat", "${Version}", name]);
  return { path, version: stdout };
}

async function install(name: string): Promise<void> {
  if (!existsSync("/usr/bin/apt-get")) {
    throw new EngineMissing(`it comes from Debian's package ${name}, and this machine has no apt-get`);
  }
  if (process.getuid?.() !== 0) {
    throw new EngineMissing(`install it: sudo apt-get install --no-install-recommends ${name}`);
  }
  try {
    await apt("update");
    await withoutServices(() => apt("install", "--yes", "--no-install-recommends", name));
  } catch (error) {
    throw new EngineMissing(`apt-get could not install ${name}: ${lastLineOf(error)}`);
  }
}

async function apt(...words: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["--quiet", "--option", "DPkg::Lock::Timeout=120", ...words], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** A package that brings a service starts it; a policy (invoke-rc.d's) says no, unless the machine has one of its own. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(policyPath)) return work();
  await writeFile(policyPath, keepsServicesDown, { mode: 0o755 });
  try {
    await work();
  } finally {
    await rm(policyPath);
  }
}

function lastLineOf(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return said.split("\n").at(-1) || String(error);
}
