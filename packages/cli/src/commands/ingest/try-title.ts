import type { PreflightOptions } from "@flix/encoder";
import type { Flix } from "@flix/sdk";
import { findWanted, type IngestRequest } from "./ingest-title.ts";
import { checkFile, type CheckedFile, currentEncodeOf } from "./preflight-file.ts";
import { hashFolderOf } from "./work-folder.ts";

interface TrialOptions extends Pick<PreflightOptions, "programs" | "signal"> {
  flix: Flix;
  workDir: string;
}

/** What an ingest would do; the platform checks what it would be asked, and changes nothing. */
export async function tryTitle(
  { file, wanted, encode }: IngestRequest,
  { flix, ...options }: TrialOptions,
): Promise<CheckedFile> {
  const { createHashMemory } = await import("@flix/encoder");
  const first = await checkFile(file, { ...encode, ...options });
  const title = await findWanted(flix, wanted, first.found);
  const current = title && first.found.ok ? await currentEncodeOf(flix, title) : undefined;
  if (!current) return first;
  const hashMaster = createHashMemory(hashFolderOf(options.workDir));
  return checkFile(file, { ...encode, ...options, current, hashMaster });
}
