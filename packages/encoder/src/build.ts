import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { EncoderError } from "./errors.ts";
import { requireSpace } from "./plan/estimate.ts";
import { layout, packageRenditions, textFile } from "./package/package.ts";
import { writePictures } from "./pictures/pictures.ts";
import { flatContrast } from "./pictures/poster.ts";
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
import { transcode } from "./video/transcode.ts";
import { type VerifiedPackage, verifyPackage } from "./verify/verify.ts";
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
  await folder.begin();
  await requireSpace(folder.renditions, prepared.plan);
  const commands = {
    ffmpeg: await clock.run("transcode", (update) => transcodeStage(prepared, folder, update)),
    packager: await clock.run("package", () => packageStage(prepared, folder)),
  };
  const verified = await clock.run("verify", (update) => {
    const { plan, programs, signal } = prepared;
    return verifyPackage({
      ffprobe: programs.ffprobe.path,
      folder: folder.package,
      plan,
      signal,
      onProgress: update,
    });
  });
  await requireUnchanged(prepared.source);
  const report = await composeReport(prepared, folder, { ...verified, commands, timings: clock.timings });
  await writeFile(join(folder.package, layout.report), formatReport(report));
  await folder.finish();
  return describe(folder.finished, report, prepared.signal, false);
}

async function transcodeStage(
  prepared: Prepared,
  folder: WorkFolder,
  update: (fraction: number, speed: number) => void,
): Promise<string[]> {
  const { plan, programs, source, signal } = prepared;
  const ffmpeg = programs.ffmpeg.path;
  const argv = await transcode({
    ffmpeg,
    sourcePath: source.path,
    plan,
    folder: folder.renditions,
    signal,
    onProgress: update,
  });
  const pictures = {
    ffmpeg,
    plan,
    renditionFolder: folder.renditions,
    packageFolder: folder.package,
    signal,
  };
  const { contrast } = await writePictures(pictures);
  if (contrast < flatContrast) {
    prepared.warnings.push({
      code: "poster_flat",
      message: "No picture of the film has contrast; its poster is of one colour.",
    });
  }
  return argv.map((argument) => argument.replace(source.path, basename(source.path)));
}

async function packageStage(
  { plan, subtitles, programs, signal }: Prepared,
  folder: WorkFolder,
): Promise<string[]> {
  for (const rendition of plan.text) {
    const subtitle = subtitles.find(({ language }) => language === rendition.language);
    if (subtitle) await writeFile(join(folder.renditions, textFile(rendition.id)), subtitle.webvtt);
  }
  return packageRenditions({
    packager: programs.packager.path,
    plan,
    renditionFolder: folder.renditions,
    packageFolder: folder.package,
    signal,
  });
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

type Measured = VerifiedPackage & Pick<PackageReport, "commands" | "timings">;

async function composeReport(
  prepared: Prepared,
  folder: WorkFolder,
  measured: Measured,
): Promise<PackageReport> {
  const { path, modifiedMs: _, warnings: __, ...source } = prepared.source;
  const { ffmpeg, ffprobe, packager } = prepared.programs;
  const files = await listFiles(folder.package, prepared.signal);
  return {
    schema: 1,
    mediaDigest: packageDigest(files),
    source: { filename: basename(path), ...source },
    durationSeconds: measured.durationSeconds,
    frames: measured.frames,
    renditions: measured.renditions.map(({ cuts: _cuts, ...facts }) => facts),
    plan: prepared.plan,
    hlsPath: layout.hls,
    dashPath: layout.dash,
    posterPath: layout.poster,
    thumbnailsPath: layout.thumbnails,
    files,
    tools: { ffmpeg: ffmpeg.version, ffprobe: ffprobe.version, packager: packager.version },
    commands: withoutFolders(measured.commands),
    timings: measured.timings,
    warnings: prepared.warnings,
  };
}

/** The report is published with the film: it names programs, not where this machine keeps them. */
function withoutFolders(commands: PackageReport["commands"]): PackageReport["commands"] {
  const bare = ([program = "", ...args]: string[]): string[] => [basename(program), ...args];
  return { ffmpeg: bare(commands.ffmpeg), packager: bare(commands.packager) };
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
