import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode } from "../errors.ts";

/**
 * Makes a folder that is there with everything in it, on the disk, or not at all, whenever this process ends. What a killed one leaves is
 * `<folder>.<pid>.partial`.
 */
export async function writeWhole(folder: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${folder}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    await write(partial);
    for (const name of await readdir(partial)) await sync(join(partial, name));
    await rename(partial, folder).catch((error: unknown) => {
      // Somebody else was faster with the same bytes.
      if (!["ENOTEMPTY", "EEXIST"].includes(systemErrorCode(error) ?? "")) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync();
  await file.close();
}
