import { availableParallelism } from "node:os";
import type { PreflightOptions } from "@flix/encoder";
import { checkFile, type CheckedFile } from "./preflight-file.ts";
import { forEachAtMost } from "./at-most.ts";

/** In the order of the files, several at a time: most of the work is waiting for disks. */
export async function checkAll(
  files: readonly string[],
  options: Omit<PreflightOptions, "input">,
): Promise<CheckedFile[]> {
  const { findPrograms } = await import("@flix/encoder");
  const programs = await findPrograms();
  const checked: CheckedFile[] = [];
  await forEachAtMost(availableParallelism() * 2, [...files.entries()], async ([index, file]) => {
    checked[index] = await checkFile(file, { ...options, programs });
  });
  return checked;
}
