import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { hashFile } from "./hash-file.ts";

/** A file that changed so lately may change again without its times telling. */
const settledMs = 2_000;

/**
 * A `hashFile` that remembers in a folder what it read: a catalogue that is ingested again is not read through again. A file counts as the
 * same while its inode, size and times are, the time of change among them, which no program sets; as a build tool or rsync takes it.
 */
export function createHashMemory(folder: string): typeof hashFile {
  return async (path, signal, onBytes) => {
    const note = join(folder, createHash("sha256").update(resolve(path)).digest("hex"));
    const before = await identityOf(path);
    const [identity, known = ""] = (await readFile(note, "utf8").catch(() => "")).split("\n");
    if (identity === before.text && /^[0-9a-f]{64}$/.test(known)) return known;
    const sha256 = await hashFile(path, signal, onBytes);
    const after = await identityOf(path);
    const settled = Date.now() - after.changedMs > settledMs;
    if (settled && after.text === before.text) await remember(folder, note, `${after.text}\n${sha256}\n`);
    return sha256;
  };
}

async function identityOf(path: string): Promise<{ text: string; changedMs: number }> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  const changedMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return { text: [dev, ino, size, mtimeNs, ctimeNs].join(" "), changedMs };
}

/** What cannot be remembered is read again next time. */
async function remember(folder: string, note: string, text: string): Promise<void> {
  const partial = `${note}.${process.pid}.partial`;
  await mkdir(folder, { recursive: true, mode: 0o700 })
    .then(() => writeFile(partial, text))
    .then(() => rename(partial, note))
    .catch(() => {});
}
