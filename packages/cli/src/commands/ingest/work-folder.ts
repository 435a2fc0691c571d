import { homedir } from "node:os";
import { join } from "node:path";

/** Where an encode works and an interrupted one is found again: `$XDG_CACHE_HOME/flix/ingest`, else `~/.cache/flix/ingest`. */
export function workFolderOf(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const folder = given ?? env["FLIX_WORK_DIR"];
  if (folder) return folder;
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "flix", "ingest");
}

/** Where the digests of masters are remembered, so that a catalogue that is ingested again is not read through again. */
export function hashFolderOf(workDir: string): string {
  return join(workDir, "hashes");
}
