import { appendFile, copyFile, readdir, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bigBuckBunny, temporaryFolder } from "../../testing/clips.ts";
import { hashFile } from "./hash-file.ts";
import { createHashMemory } from "./hash-memory.ts";

/** The bytes that were read, in spite of the memory. */
async function readBy(hash: typeof hashFile, path: string): Promise<[sha256: string, bytesRead: number]> {
  let bytesRead = 0;
  return [await hash(path, undefined, (bytes) => (bytesRead += bytes)), bytesRead];
}

test("a file that has not changed is read once", async () => {
  const hash = createHashMemory(join(await temporaryFolder(), "hashes"));
  const [sha256, bytesRead] = await readBy(hash, bigBuckBunny());
  expect(sha256).toBe(await hashFile(bigBuckBunny()));
  expect(bytesRead).toBeGreaterThan(1e6);
  expect(await readBy(hash, bigBuckBunny())).toEqual([sha256, 0]);
});

test("one that may have changed is read again, whatever its name, size and time of modification say", async () => {
  const folder = await temporaryFolder();
  const hash = createHashMemory(join(folder, "hashes"));
  const path = join(folder, "film.mp4");
  const past = new Date("2020-01-01T00:00:00Z");
  for (const content of ["one", "two"]) {
    await writeFile(join(folder, "next"), content);
    await utimes(join(folder, "next"), past, past);
    await rename(join(folder, "next"), path);
    expect(await readBy(hash, path)).toEqual([await hashFile(path), 3]);
  }
  await appendFile(path, "!");
  expect((await readBy(hash, path))[1]).toBe(4);
});

test("a note that is damaged, or a folder that cannot be written, costs a read and no more", async () => {
  const folder = await temporaryFolder();
  const hash = createHashMemory(folder);
  const [sha256] = await readBy(hash, bigBuckBunny());
  for (const name of await readdir(folder)) await writeFile(join(folder, name), "nonsense");
  expect((await readBy(hash, bigBuckBunny()))[0]).toBe(sha256);
  const file = join(folder, "file");
  await copyFile(bigBuckBunny(), file);
  expect(await createHashMemory(join(file, "below"))(bigBuckBunny())).toBe(sha256);
});
