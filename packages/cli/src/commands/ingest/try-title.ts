import type { PreflightOptions } from "@flix/encoder";
import type { Flix } from "@flix/sdk";
import { findWanted, type IngestRequest } from "./ingest-title.ts";
import { checkFile, type CheckedFile, currentEncodeOf } from "./preflight-file.ts";

interface TrialOptions extends Pick<PreflightOptions, "workDir" | "programs" | "signal"> {
  flix: Flix;
}

/** What an ingest would do; the platform checks what it would be asked, and changes nothing. */
export async function tryTitle(
  { file, wanted, encode }: IngestRequest,
  { flix, ...options }: TrialOptions,
): Promise<CheckedFile> {
  const first = await checkFile(file, { ...encode, ...options });
  const title = await findWanted(flix, wanted, first.found);
  const current = title && first.found.ok ? await currentEncodeOf(flix, title) : undefined;
  return current ? checkFile(file, { ...encode, ...options, current }) : first;
}
