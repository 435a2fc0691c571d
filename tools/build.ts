/**
 * Builds what runs from a build: packages by tsup, the web player by Vite. `pnpm build`; the demo and the tests call
 * it first, so it skips what is newer than its sources.
 */
import { execFile } from "node:child_process";
import { glob, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..");
const run = promisify(execFile);

interface Target {
  folder: string;
  /** What it is built from, besides its own folder. */
  uses: string[];
  command: [program: string, ...args: string[]];
  output: string;
}

const tsup: Target["command"] = ["tsup", "--silent"];
/** In the order of their dependencies, one stage after the other. */
const stages: Target[][] = [
  [
    { folder: "packages/sdk", uses: ["openapi/generated"], command: tsup, output: "dist/index.js" },
    { folder: "packages/server", uses: ["openapi/generated"], command: tsup, output: "dist/main.js" },
  ],
  [
    { folder: "packages/encoder", uses: ["packages/sdk/src"], command: tsup, output: "dist/index.js" },
    {
      folder: "examples/web-player",
      uses: ["packages/sdk/src"],
      command: ["vite", "build", "--logLevel", "warn"],
      output: "dist/index.html",
    },
  ],
  [
    {
      folder: "packages/cli",
      uses: ["packages/sdk/src", "packages/encoder/src", "packages/server/src"],
      command: tsup,
      output: "dist/main.js",
    },
  ],
];

if (import.meta.main) await buildAll();

export async function buildAll(): Promise<void> {
  for (const stage of stages) await Promise.all(stage.map(build));
}

async function build(target: Target): Promise<void> {
  if (await isFresh(target)) return;
  const folder = join(root, target.folder);
  const [program, ...args] = target.command;
  const startedMs = performance.now();
  try {
    await run(binary(folder, program), args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const output =
      error instanceof Error && "stdout" in error && "stderr" in error
        ? `${String(error.stdout)}${String(error.stderr)}`
        : "";
    throw new Error(`${target.folder} could not be built:\n${output}`, { cause: error });
  }
  console.error(`built ${target.folder} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}

function binary(folder: string, program: string): string {
  return join(program === "vite" ? folder : root, "node_modules/.bin", program);
}

async function isFresh({ folder, uses, output }: Target): Promise<boolean> {
  const built = await stat(join(root, folder, output)).catch(() => undefined);
  if (!built) return false;
  const sources = [folder, ...uses, "pnpm-lock.yaml"];
  for (const source of sources) if ((await newestIn(join(root, source))) > built.mtimeMs) return false;
  return true;
}

async function newestIn(path: string): Promise<number> {
  const info = await stat(path);
  if (!info.isDirectory()) return info.mtimeMs;
  let newest = 0;
  const files = glob("**/*", { cwd: path, exclude: (name) => name === "node_modules" || name === "dist" });
  for await (const file of files) {
    const entry = await stat(join(path, file)).catch(() => undefined);
    if (entry?.isFile() && entry.mtimeMs > newest) newest = entry.mtimeMs;
  }
  return newest;
}
