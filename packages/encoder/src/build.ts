import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { EncoderError, type EncoderErrorCode } from "./errors.ts";
import { look, type Sights } from "./look.ts";
import { soundTasksOf } from "./make-sound.ts";
import { requireSpace } from "./plan/estimate.ts";
import { addImageTracks } from "./package/image-tracks.ts";
import { layout, packageRenditions } from "./package/package.ts";
import type { Prepared } from "./prepare.ts";
import {
  formatReport,
  listFiles,
  packageDigest,
  type PackageFile,
  type PackageReport,
  parseReport,
} from "./package/report.ts";
import type { StageClock } from "./stage-clock.ts";
import { transcode } from "./transcode.ts";
import { type ChunkTask, planChunkTasks } from "./video/chunk-task.ts";
import { type VerifiedPackage, verifyPackage } from "./verify/verify.ts";
import { textFile } from "./work/rendition-file.ts";
import type { WorkFolder } from "./work/work-folder.ts";

/** A verified package on disk. */
export interface EncodedPackage {
  folder: string;
  /** Over all files, the report among them: the contract's PackageDigest. */
  digest: string;
  files: PackageFile[];
  report: PackageReport;
  /** An earlier run had made it and did not come to publish it. */
  reused: boolean;
}

/** Answers the finished package of an earlier run if it is whole, and makes it otherwise. */
export async function build(
  prepared: Prepared,
  folder: WorkFolder,
  clock: StageClock,
): Promise<EncodedPackage> {
  const finished = (await folder.hasFinished()) ? await readFinished(folder.finished, prepared.signal) : null;
  if (finished) return finished;
  const { source, plan, programs } = prepared;
  const tasks = planChunkTasks(source, plan, programs.ffmpeg.version);
  const keys = [...tasks, ...soundTasksOf(prepared)].map(({ key }) => key);
  try {
    await folder.begin();
    await requireSpace(folder.renditions, plan);
    const report = await make(prepared, tasks, folder, clock);
    await folder.finish();
    await folder.chunks.forget(keys);
    return await describe(folder.finished, report, prepared.signal, false);
  } catch (error) {
    if (!keepsChunks(error)) await folder.chunks.forget(keys);
    throw error;
  }
}

async function make(
  prepared: Prepared,
  tasks: readonly ChunkTask[],
  folder: WorkFolder,
  clock: StageClock,
): Promise<PackageReport> {
  const { programs, signal } = prepared;
  const { chunks, sound, tracks, commands, sights } = await clock.run("transcode", async (update) => {
    const transcoded = await transcode(prepared, tasks, folder, update);
    return { ...transcoded, sights: await look(prepared, folder) };
  });
  const files = prepared.plan.text.filter(({ streamIndex }) => streamIndex === undefined);
  const plan = { ...prepared.plan, text: [...files, ...tracks] };
  const packager = await clock.run("package", async () => {
    const argv = await packageStage({ ...prepared, plan }, folder);
    await addImageTracks(plan, sights.thumbnailCount, folder.package);
    return argv;
  });
  commands.push({ name: "packager", argv: packager });
  const inspected = { ffprobe: programs.ffprobe.path, folder: folder.package, plan, signal };
  const verified = await clock.run("verify", (update) => verifyPackage({ ...inspected, onProgress: update }));
  await requireUnchanged(prepared.source);
  const measured = { ...verified, ...sights, chunks, sound, commands, timings: clock.timings };
  const report = await composeReport(prepared, folder, measured);
  await writeFile(join(folder.package, layout.report), formatReport(report));
  return report;
}

/** What is no fault of the film or of the chunks themselves: the same command again goes on with them. */
function keepsChunks(error: unknown): boolean {
  const passing: readonly EncoderErrorCode[] = ["cancelled", "no_space", "no_memory", "stalled"];
  return !(error instanceof EncoderError) || passing.includes(error.code);
}

async function packageStage(
  { plan, subtitles, programs, signal }: Prepared,
  folder: WorkFolder,
): Promise<string[]> {
  for (const rendition of plan.text) {
    const subtitle = subtitles.find(({ sha256 }) => sha256 === rendition.sha256);
    if (subtitle) await writeFile(join(folder.renditions, textFile(rendition.id)), subtitle.webvtt);
  }
  const [, ...args] = await packageRenditions({
    packager: programs.packager.path,
    plan,
    renditionFolder: folder.renditions,
    packageFolder: folder.package,
    signal,
  });
  return [basename(programs.packager.path), ...args];
}

/** A master that was written to meanwhile is half of one film and half of another. */
async function requireUnchanged({ path, sizeBytes, modifiedMs }: Prepared["source"]): Promise<void> {
  const now = await stat(path).catch(() => null);
  if (now?.size === sizeBytes && now.mtimeMs === modifiedMs) return;
  throw new EncoderError("source_changed", {
    message: `${path} changed while it was encoded.`,
    hint: "Wait until the master is written to its end, then run the same command again.",
  });
}

type Measured = VerifiedPackage & Sights & Pick<PackageReport, "commands" | "chunks" | "sound" | "timings">;

async function composeReport(
  prepared: Prepared,
  folder: WorkFolder,
  measured: Measured,
): Promise<PackageReport> {
  const { path, modifiedMs: _, warnings: __, ...source } = prepared.source;
  const { ffmpeg, ffprobe, packager } = prepared.programs;
  const files = await listFiles(folder.package, prepared.signal);
  return {
    schema: 2,
    mediaDigest: packageDigest(files),
    source: { filename: basename(path), ...source },
    durationSeconds: measured.durationSeconds,
    frames: measured.frames,
    renditions: measured.renditions.map(({ cuts: _cuts, ...facts }) => facts),
    plan: prepared.plan,
    hlsPath: layout.hls,
    dashPath: layout.dash,
    posterPath: layout.poster,
    posters: measured.posters,
    thumbnailsPath: layout.thumbnails,
    proposedMarkers: measured.proposedMarkers,
    files,
    tools: { ffmpeg: ffmpeg.version, ffprobe: ffprobe.version, packager: packager.version },
    commands: measured.commands,
    chunks: measured.chunks,
    sound: measured.sound,
    timings: measured.timings,
    warnings: prepared.warnings,
  };
}

async function readFinished(folder: string, signal?: AbortSignal): Promise<EncodedPackage | null> {
  const report = parseReport(await readFile(join(folder, layout.report), "utf8"));
  if (!report) return null;
  const found = await describe(folder, report, signal, true);
  const media = found.files.filter(({ path }) => path !== layout.report);
  return packageDigest(media) === report.mediaDigest ? found : null;
}

async function describe(
  folder: string,
  report: PackageReport,
  signal: AbortSignal | undefined,
  reused: boolean,
): Promise<EncodedPackage> {
  const files = await listFiles(folder, signal);
  return { folder, digest: packageDigest(files), files, report, reused };
}
