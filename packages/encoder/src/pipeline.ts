import { build, type EncodedPackage } from "./build.ts";
import { type CurrentPackage, findCurrentPackage } from "./platform/current-package.ts";
import { encodeKey } from "./plan/encode-key.ts";
import { EncoderError, type EncoderErrorCode, noSpace, systemErrorCode } from "./errors.ts";
import { freeBytes } from "./plan/estimate.ts";
import type { Marker } from "./markers/markers.ts";
import type { SourcedMarker } from "./markers/merge-markers.ts";
import { keyServerFor } from "./platform/key-server-for.ts";
import { runAsJob } from "./platform/ingest-job.ts";
import { type EncodeOptions, prepare, type Prepared } from "./prepare.ts";
import { findPrograms, type Programs } from "./programs/programs.ts";
import { createProgressMeter, type Stage } from "./progress.ts";
import { proposedMarkersOf, publishMarkers } from "./platform/publish-markers.ts";
import { publish, type PublishedPackage } from "./platform/publish.ts";
import { isRemote } from "./source/remote/master-address.ts";
import { withMaster } from "./source/remote/with-master.ts";
import { createStageClock, type StageClock } from "./stage-clock.ts";
import { explainUpload, type RemotePackage, upload, type UploadTarget } from "./platform/upload.ts";
import { openWorkFolder, type WorkFolder } from "./work/work-folder.ts";

const encodeStages: readonly Stage[] = [
  "probe",
  "admit",
  "plan",
  "analyse",
  "transcode",
  "measure",
  "package",
  "verify",
];

function stagesOf({ input }: EncodeOptions): readonly Stage[] {
  return isRemote(input) ? ["fetch", ...encodeStages] : encodeStages;
}

/** From a file to a verified package, which stays in `<workDir>/<key>` until `discard` or an ingest that publishes it. */
export async function encode(options: EncodeOptions): Promise<EncodedPackage> {
  const clock = createStageClock(createProgressMeter(stagesOf(options), options.onProgress));
  const programs = options.programs ?? (await findPrograms());
  return withMaster(options, clock, async (local) => {
    const prepared = await prepare(local, programs, clock);
    return withPackage(prepared, options.workDir, clock, async (encoded) => encoded);
  });
}

export type IngestOptions = EncodeOptions &
  UploadTarget & {
    /** Encodes even what the title has already. */
    force?: boolean | undefined;
  };

export type IngestedPackage =
  | (PublishedPackage & { unchanged: false; jobId: string })
  /** The title plays an encode of this master by this plan: nothing was encoded. */
  | { unchanged: true; current: CurrentPackage; markers: SourcedMarker[] | null };

/**
 * From a file to a title's current package. What breaks after the encode leaves the finished package in the work folder: the same call
 * again goes on with the upload, from the parts that the server has.
 */
export async function ingest(given: IngestOptions): Promise<IngestedPackage> {
  const options = { ...given, keyServer: given.keyServer ?? keyServerFor(given) };
  const programs = options.programs ?? (await findPrograms());
  const current = options.force ? undefined : await findCurrentPackage(options);
  // A first ingest opens its job before the master is read through; one that may come to nothing opens none until it is known.
  if (current?.encode_key === undefined) return ingestAsJob(options, programs);
  const clock = createIngestClock(options);
  return withMaster(options, clock, async (local) => {
    const prepared = await prepare(local, programs, clock);
    const key = encodeKey(prepared.source.sha256, prepared.plan);
    if (key === current.encode_key) {
      return { unchanged: true, current, markers: await markCurrent(options, prepared.markers, current) };
    }
    return ingestAsJob(local, programs, prepared);
  });
}

/** Markers decide no byte of a package: they may be new where it is not. */
async function markCurrent(
  options: IngestOptions,
  given: readonly Marker[],
  { id, duration_seconds }: CurrentPackage,
): Promise<SourcedMarker[] | null> {
  try {
    const accepted = options.acceptProposedMarkers ? await proposedMarkersOf(options, id) : [];
    return await publishMarkers(options, { given, accepted }, duration_seconds);
  } catch (error) {
    throw explainUpload(error, options.signal);
  }
}

async function ingestAsJob(
  options: IngestOptions,
  programs: Programs,
  known?: Prepared,
): Promise<IngestedPackage> {
  const done = await runAsJob(options, async ({ signal, onProgress }) => {
    const run = { ...options, signal, onProgress };
    const clock = createIngestClock(run);
    return withMaster(run, clock, async (local) => {
      const prepared = known ? { ...known, signal } : await prepare(local, programs, clock);
      return withPackage(prepared, options.workDir, clock, async (encoded, folder) => {
        const remote = await clock.run("upload", (update) => uploadOrDiscard(encoded, folder, run, update));
        const accepted = options.acceptProposedMarkers ? encoded.report.proposedMarkers : [];
        const offered = { given: prepared.markers, accepted };
        const published = await clock.run("publish", () => publish(encoded, remote, offered, run));
        await folder.discard();
        return published;
      });
    });
  });
  return { ...done, unchanged: false };
}

/** A finished package whose keys the platform has no more will never play. */
async function uploadOrDiscard(
  encoded: EncodedPackage,
  folder: WorkFolder,
  target: UploadTarget,
  update: (fraction: number) => void,
): Promise<RemotePackage> {
  try {
    return await upload(encoded, target, update);
  } catch (error) {
    if (error instanceof EncoderError && error.code === "key_set_not_valid") await folder.discard();
    throw error;
  }
}

function createIngestClock(options: EncodeOptions): StageClock {
  return createStageClock(
    createProgressMeter([...stagesOf(options), "upload", "publish"], options.onProgress),
  );
}

async function withPackage<T>(
  prepared: Prepared,
  workDir: string,
  clock: StageClock,
  use: (encoded: EncodedPackage, folder: WorkFolder) => Promise<T>,
): Promise<T> {
  const folder = await openWorkFolder(workDir, prepared.key);
  try {
    return await use(await build(prepared, folder, clock), folder);
  } catch (error) {
    throw await explainFullDisk(error, workDir);
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
