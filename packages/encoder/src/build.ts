import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { EncoderError, type EncoderErrorCode } from "./errors.ts";
import { judge, type Judgement } from "./judge.ts";
import { look, type Sights } from "./look.ts";
import { soundTasksOf } from "./make-sound.ts";
import { findOwnLadder, isAnalysed } from "./own-ladder.ts";
import { encodeKey } from "./plan/encode-key.ts";
import { requireSpace } from "./plan/estimate.ts";
import type { Plan } from "./plan/plan.ts";
import { addImageTracks } from "./package/image-tracks.ts";
import { layout } from "./package/layout.ts";
import { packageRenditions } from "./package/package.ts";
import type { Prepared } from "./prepare.ts";
import {
  formatReport,
  listFiles,
  packageDigest,
  type PackageFile,
  type PackageReport,
  parseReport,
  scoreField,
} from "./package/report.ts";
import type { ContentKeys } from "./protection/key-server.ts";
import { type ProtectionFacts, protectionFacts } from "./protection/protection-facts.ts";
import { requestKeys } from "./protection/request-keys.ts";
import type { StageClock } from "./stage-clock.ts";
import { transcode, type Transcoded } from "./transcode.ts";
import { planChunkTasks } from "./video/chunk-task.ts";
import type { AnalysisFacts } from "./quality/analysis-facts.ts";
import { viewingOf } from "./quality/metric.ts";
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
  // Of what is kept for a run that goes on where this one broke off.
  const keys = soundTasksOf(prepared).map(({ key }) => key);
  try {
    await folder.begin();
    await requireSpace(folder.renditions, prepared.plan);
    const report = await make(prepared, keys, folder, clock);
    await folder.finish();
    await folder.chunks.forget(keys);
    return await describe(folder.finished, report, prepared.signal, false);
  } catch (error) {
    if (!keepsChunks(error)) await folder.chunks.forget(keys);
    throw error;
  }
}

async function make(
  planned: Prepared,
  keys: string[],
  folder: WorkFolder,
  clock: StageClock,
): Promise<PackageReport> {
  const { source, programs, signal } = planned;
  // First of all, so that a key server that refuses is heard of before hours of encoding.
  const contentKeys = await requestKeys(planned);
  const { tracks, ...encoded } = await encodeFilm(planned, keys, folder, clock);
  const files = planned.plan.text.filter(({ streamIndex }) => streamIndex === undefined);
  const plan = { ...planned.plan, ...encoded.ladder, text: [...files, ...tracks] };
  const packager = await clock.run("package", async () => {
    const argv = await packageStage({ ...planned, plan }, folder, contentKeys);
    await addImageTracks(plan, encoded.sights.thumbnailCount, folder.package);
    return argv;
  });
  encoded.commands.push({ name: "packager", argv: packager });
  const ffmpeg = programs.ffmpeg.path;
  const encryption = contentKeys && { contentKeys, ffmpeg, renditionFolder: folder.renditions };
  const inspected = { ffprobe: programs.ffprobe.path, folder: folder.package, plan, encryption, signal };
  const verified = await clock.run("verify", (update) => verifyPackage({ ...inspected, onProgress: update }));
  await requireUnchanged(source);
  const protection = protectionFacts(plan, contentKeys);
  const measured = { ...verified, ...encoded, protection, timings: clock.timings };
  const report = await composeReport(planned, folder, measured);
  await writeFile(join(folder.package, layout.report), formatReport(report));
  return report;
}

type EncodedFilm = Transcoded & {
  sights: Sights;
  judgement: Judgement;
  analysis: AnalysisFacts | null;
  /** What is packaged of it, where that is not what was planned. */
  ladder: Pick<Plan, "video" | "poster">;
};

async function encodeFilm(
  planned: Prepared,
  keys: string[],
  folder: WorkFolder,
  clock: StageClock,
): Promise<EncodedFilm> {
  const viewing = viewingOf(planned.plan.poster, planned.programs.ffmpeg);
  const own = isAnalysed(planned)
    ? await clock.run("analyse", (update) => findOwnLadder(planned, { folder, viewing, update }))
    : { prepared: planned, analysis: null, keys: [] };
  const { prepared, analysis } = own;
  const tasks = planChunkTasks(prepared.source, prepared.plan, prepared.programs.ffmpeg.version);
  keys.push(...own.keys, ...tasks.map(({ key }) => key));
  const transcoded = await clock.run("transcode", async (update) => {
    const made = await transcode(prepared, tasks, folder, update);
    return { ...made, sights: await look(prepared, folder) };
  });
  const judgement = await clock.run("measure", (update) => judge(prepared, folder, viewing, update));
  const ladder = { video: judgement.video, poster: prepared.plan.poster };
  return { ...transcoded, judgement, analysis, ladder };
}

/** What is no fault of the film or of the chunks themselves: the same command again goes on with them. */
function keepsChunks(error: unknown): boolean {
  const passing: readonly EncoderErrorCode[] = [
    "cancelled",
    "no_space",
    "no_memory",
    "stalled",
    "key_set_not_valid",
    "key_server_refused",
    "key_server_unreachable",
    "key_server_not_valid",
  ];
  return !(error instanceof EncoderError) || passing.includes(error.code);
}

async function packageStage(
  { plan, subtitles, programs, signal }: Prepared,
  folder: WorkFolder,
  contentKeys: ContentKeys | undefined,
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
    contentKeys,
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

type Measured = VerifiedPackage &
  Omit<EncodedFilm, "tracks"> &
  Pick<PackageReport, "timings"> & { protection: ProtectionFacts | undefined };

async function composeReport(
  prepared: Prepared,
  folder: WorkFolder,
  measured: Measured,
): Promise<PackageReport> {
  const { path, modifiedMs: _, warnings: __, ...source } = prepared.source;
  const { ffmpeg, ffprobe, packager } = prepared.programs;
  const { sights, judgement } = measured;
  const files = await listFiles(folder.package, prepared.signal);
  return {
    schema: 2,
    mediaDigest: packageDigest(files),
    encodeKey: encodeKey(source.sha256, prepared.plan),
    source: { filename: basename(path), ...source },
    durationSeconds: measured.durationSeconds,
    frames: measured.frames,
    renditions: measured.renditions.map(({ cuts: _cuts, ...facts }) => ({
      ...facts,
      ...scoreField(judgement.scores.get(facts.id)),
    })),
    droppedRenditions: judgement.dropped,
    plan: { ...prepared.plan, ...measured.ladder },
    ...(measured.protection && { protection: measured.protection }),
    ...(measured.damage && { damage: measured.damage }),
    analysis: measured.analysis,
    hlsPath: layout.hls,
    dashPath: layout.dash,
    posterPath: layout.poster,
    posters: sights.posters,
    thumbnailsPath: layout.thumbnails,
    proposedMarkers: sights.proposedMarkers,
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
