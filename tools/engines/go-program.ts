import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { EngineMissing, type Program } from "./engine.ts";

export interface GoModule {
  module: string;
  /** The package of the module that is the program. */
  command: string;
  version: string;
}

/** A program built from a pinned Go module (its bytes are checked against Go's checksum database), kept in the cache. */
export async function provideGoProgram(
  cache: string,
  { module, command, version }: GoModule,
): Promise<Program> {
  const name = basename(command);
  const path = join(cache, `${name}-${version}`);
  if (existsSync(path)) return { path, version };
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "draft-"));
  try {
    const env = { ...process.env, GOBIN: draft, CGO_ENABLED: "0" };
    // Without symbols it links in half the time.
    const words = ["install", "-ldflags=-s -w", `${module}/${command}@${version}`];
    await promisify(execFile)("go", words, { env, maxBuffer: 64 * 1024 * 1024 });
    await rename(join(draft, name), path);
  } catch (error) {
    throw new EngineMissing(explain(error, module));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { path, version };
}

function explain(error: unknown, module: string): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `it is built from ${module}: install Go 1.25 or later (https://go.dev/dl)`;
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
  return `go could not build ${module}: ${said.split("\n").at(-1)}`;
}
