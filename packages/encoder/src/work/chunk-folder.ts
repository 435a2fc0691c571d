import { copyFile, link, mkdir, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Finished chunks by their key, in `<workDir>/chunks`. They outlive the run that made them, so that the next one goes on where it was killed;
 * `<key>.<pid>.partial` is one that is being made.
 */
export interface ChunkFolder {
  /** Where a task's outputs go; it is there only when it is finished. */
  path(key: string): string;
  has(key: string): Promise<boolean>;
  /** Puts the outputs of a finished chunk into a folder; they stay there whatever happens to the chunk. */
  take(key: string, into: string): Promise<void>;
  /** Removes chunks that are no longer needed. */
  forget(keys: readonly string[]): Promise<void>;
  /** Removes what killed runs left half-done, and what nobody came back for in two weeks. */
  sweep(): Promise<void>;
}

const forgottenAfterMs = 14 * 24 * 3600 * 1000;

export function openChunkFolder(workDir: string): ChunkFolder {
  const root = join(workDir, "chunks");
  const path = (key: string): string => join(root, key);
  return {
    path,
    has: (key) =>
      stat(path(key)).then(
        () => true,
        () => false,
      ),
    async take(key, into) {
      await mkdir(into, { recursive: true });
      for (const file of await readdir(path(key))) {
        const [from, to] = [join(path(key), file), join(into, file)];
        // Not every file system knows links.
        await link(from, to).catch(() => copyFile(from, to));
      }
    },
    async forget(keys) {
      for (const key of keys) await rm(path(key), { recursive: true, force: true });
      // Fails as long as other films have chunks there.
      await rmdir(root).catch(() => {});
    },
    async sweep() {
      for (const name of await readdir(root).catch(() => [])) {
        if (await isLeftOver(root, name)) await rm(join(root, name), { recursive: true, force: true });
      }
    },
  };
}

async function isLeftOver(root: string, name: string): Promise<boolean> {
  const pid = /\.(\d+)\.partial$/.exec(name)?.[1];
  if (pid !== undefined) return Number(pid) !== process.pid && !isRunning(Number(pid));
  const facts = await stat(join(root, name)).catch(() => undefined);
  return facts !== undefined && Date.now() - facts.mtimeMs > forgottenAfterMs;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, as somebody else.
    return Reflect.get(Object(error), "code") === "EPERM";
  }
}
