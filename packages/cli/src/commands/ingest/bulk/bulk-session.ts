import { availableParallelism } from "node:os";
import type { EncodeOptions, EncoderTurns, FanOut, Programs } from "@flix/encoder";
import type { Flix } from "@flix/sdk";
import type { CommandContext } from "../../../context.ts";
import { findWanted, ingestTitle, type IngestRequest } from "../ingest-title.ts";
import { checkFile, problemError } from "../preflight-file.ts";
import type { IngestResult } from "../result.ts";
import { createSeriesFinder, type SeriesFinder } from "../series.ts";
import { hashFolderOf } from "../work-folder.ts";

/** What the films of one run share. */
export interface BulkSession {
  flix: Flix;
  series: SeriesFinder;
  programs: Programs;
  turns: EncoderTurns;
  fanOut: FanOut | undefined;
  hashMaster: EncodeOptions["hashMaster"];
  /** How many films at once, where nobody says. */
  concurrency: number;
}

export type EntryRun = BulkSession &
  Pick<EncodeOptions, "workDir" | "onProgress" | "signal"> & { force: boolean };

export async function openBulkSession(
  { workDir, force }: { workDir: string; force: boolean },
  { host, connectToTheEnd }: CommandContext,
): Promise<BulkSession> {
  const { createEncoderTurns, createHashMemory, fanOutOf, findPrograms } = await import("@flix/encoder");
  const flix = await connectToTheEnd();
  return {
    flix,
    series: createSeriesFinder(flix),
    programs: await findPrograms(),
    turns: createEncoderTurns(),
    fanOut: fanOutOf(host.env, workDir),
    hashMaster: force ? undefined : createHashMemory(hashFolderOf(workDir)),
    concurrency: defaultConcurrency(),
  };
}

export async function ingestEntry(request: IngestRequest, run: EntryRun): Promise<IngestResult> {
  const { programs, turns, workDir, signal } = run;
  const { found } = await checkFile(request.file, { ...request.encode, programs, turns, workDir, signal });
  const [problem] = found.problems;
  if (problem) throw problemError(problem);
  return ingestTitle(request, { ...run, found, alone: false });
}

/** Up to this height a rung costs a tenth of a whole ladder and can be watched on anything. */
const lowRungHeight = 360;

/** What is watchable soonest, where viewers have nothing yet. */
export async function ingestLowRungs(
  request: IngestRequest,
  run: EntryRun,
): Promise<IngestResult | undefined> {
  const { flix, programs, workDir, signal } = run;
  const { fixedLadder } = await import("@flix/encoder");
  const { found } = await checkFile(request.file, { ...request.encode, programs, workDir, signal });
  const title = found.ok ? await findWanted(flix, request.wanted, found) : undefined;
  if (title?.playable) return undefined;
  const ladder = fixedLadder.filter(({ height }) => height <= lowRungHeight);
  const encode = { ...request.encode, ladder, codecs: undefined, hdr: undefined };
  return ingestEntry({ ...request, encode }, run);
}

/** Of one film while it is packaged and looked over. */
const bytesBesideEncoders = 500_000_000;

/** Encoders take turns whatever this is: more films at once only fill the gaps that reading, packaging and sending leave. */
function defaultConcurrency(): number {
  const byCores = Math.min(8, 1 + Math.ceil(availableParallelism() / 4));
  const byMemory = Math.floor(process.availableMemory() / bytesBesideEncoders);
  return Math.max(1, Math.min(byCores, byMemory));
}
