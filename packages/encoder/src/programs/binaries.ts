import { constants } from "node:fs";
import { access, chmod } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

const require = createRequire(import.meta.url);

export function onPath(name: string, path = ""): string[] {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, executable(name)));
}

/** `@ffmpeg-binary/*` does not export its path, so each is found beside its package.json; null where it is not installed. */
export function packaged(name: string, file: string, from?: string): string | null {
  try {
    const resolve = from ? createRequire(require.resolve(`${from}/package.json`)).resolve : require.resolve;
    return join(dirname(resolve(`${name}/package.json`)), file);
  } catch {
    return null;
  }
}

export function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

/** Packages lose the executable bit where install scripts are off. */
export async function makeExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
  } catch {
    return false;
  }
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return chmod(path, 0o755).then(
      () => true,
      () => false,
    );
  }
}
