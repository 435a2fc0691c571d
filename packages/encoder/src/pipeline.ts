import { build, type EncodedPackage } from "./build.ts";
import { EncoderError, type EncoderErrorCode, noSpace, systemErrorCode } from "./errors.ts";
import { freeBytes } from "./estimate.ts";
import { runAsJob } from "./ingest-job.ts";
import { type EncodeOptions, prepare } from "./prepare.ts";
import { findPrograms } from "./programs.ts";
import { createProgressMeter, type Stage } from "./progress.ts";
import { publish, type PublishedPackage } from "./publish.ts";
import { createStageClock, type StageClock } from "./stage-clock.ts";
import { upload, type UploadTarget } from "./upload.ts";
import { openWorkFolder, type WorkFolder } from "./work-folder.ts";

const encodeStages: readonly Stage[] = ["probe", "admit", "plan", "transcode", "package", "verify"];

/** From a file to a verified package, which stays in `<workDir>/<key>` until `discard` or an ingest that publishes it. */
export async function encode(options: EncodeOptions): Promise<EncodedPackage> {
  const clock = createStageClock(createProgressMeter(encodeStages, options.onProgress));
  return withPackage(options, clock, async (encoded) => encoded);
}

export type IngestOptions = EncodeOptions & UploadTarget;

export type IngestedPackage = PublishedPackage & { jobId: string };

/**
 * From a file to a title's current package. What breaks after the encode leaves the finished package in the work folder: the same call
 * again goes on with the upload, from the parts that the server has.
 */
export async function ingest(options: IngestOptions): Promise<IngestedPackage> {
  return runAsJob(options, async ({ signal, onProgress }) => {
    const run = { ...options, signal, onProgress };
    const clock = createStageClock(createProgressMeter([...encodeStages, "upload", "publish"], onProgress));
    return withPackage(run, clock, async (encoded, folder) => {
      const remote = await clock.run("upload", (update) => upload(encoded, run, update));
      const published = await clock.run("publish", () => publish(encoded, remote, run));
      await folder.discard();
      return published;
    });
  });
}

async function withPackage<T>(
  options: EncodeOptions,
  clock: StageClock,
  use: (encoded: EncodedPackage, folder: WorkFolder) => Promise<T>,
): Promise<T> {
  const programs = options.programs ?? (await findPrograms());
  const prepared = await prepare(options, programs, clock);
  const folder = await openWorkFolder(options.workDir, prepared.key);
  try {
    return await use(await build(prepared, folder, clock), folder);
  } catch (error) {
    throw await explainFullDisk(error, options.workDir);
  } finally {
    await folder.release();
  }
}

/** ffmpeg was seen to exit 0 on a full disk, so that only the check of its output fails; and Node's own writes know only ENOSPC. */
async function explainFullDisk(error: unknown, workDir: string): Promise<unknown> {
  const code = systemErrorCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") return noSpace(workDir);
  const suspects: readonly EncoderErrorCode[] = ["verify_failed", "ffmpeg_failed", "packager_failed"];
  if (!(error instanceof EncoderError) || !suspects.includes(error.code)) return error;
  return (await freeBytes(workDir)) < fullBelowBytes ? noSpace(workDir) : error;
}

/** What file systems keep for themselves when they are full to everyone else. */
const fullBelowBytes = 1_000_000;
