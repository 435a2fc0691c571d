import { noteChange } from "../../changes.ts";
import { exitCodes } from "../../command.ts";
import type { CommandContext } from "../../context.ts";
import { showProgress } from "../../progress-display.ts";
import { ingestTitle, type IngestRequest } from "./ingest-title.ts";
import { shownMaster } from "./master-address.ts";
import { checkFile, requireIngestable } from "./preflight-file.ts";
import { showChecked } from "./preflight-view.ts";
import { describeResult, resultFields } from "./result.ts";
import { createSeriesFinder } from "./series.ts";
import { tryTitle } from "./try-title.ts";
import { hashFolderOf } from "./work-folder.ts";

interface IngestSettings {
  workDir: string;
  force: boolean;
}

/** Everything that can be told before a frame is encoded is told before anything reaches the platform. */
export async function ingestOne(
  request: IngestRequest,
  { workDir, force }: IngestSettings,
  context: CommandContext,
): Promise<void> {
  const { host, output, signal } = context;
  const { createHashMemory, fanOutOf, findPrograms } = await import("@flix/encoder");
  const programs = await findPrograms();
  const checked = await checkFile(request.file, { ...request.encode, workDir, programs, signal });
  requireIngestable(checked, output);
  const flix = await context.connectToTheEnd();
  const display = await showProgress(host, output.json);
  const fanOut = fanOutOf(host.env, workDir);
  const hashMaster = force ? undefined : createHashMemory(hashFolderOf(workDir));
  const run = {
    flix,
    series: createSeriesFinder(flix),
    programs,
    workDir,
    force,
    fanOut,
    hashMaster,
    signal,
  };
  const result = await ingestTitle(request, {
    ...run,
    found: checked.found,
    alone: fanOut === undefined,
    onProgress: display.update,
  }).finally(() => display.stop());
  output.record(result, resultFields);
  const told = new Set(checked.found.warnings.map(({ message }) => message));
  for (const { code, message } of result.warnings)
    if (!told.has(message)) output.note(`warning: ${message} [${code}]`);
  output.note(describeResult(result, flix.client.server));
}

/** What `ingestOne` would do. */
export async function tryOne(
  request: IngestRequest,
  { workDir }: IngestSettings,
  context: CommandContext,
): Promise<number> {
  const { output, signal } = context;
  const checked = await tryTitle(request, { workDir, signal, flix: await context.connect() });
  showChecked([checked], output);
  if (!checked.found.ok) return exitCodes.failed;
  const done = checked.found.unchanged ? "stay as it is" : "be encoded";
  noteChange(
    output,
    true,
    `${shownMaster(request.file)} would ${done}${request.publish ? " and be published" : ""}.`,
  );
  return exitCodes.ok;
}
