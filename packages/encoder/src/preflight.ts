import { type AudioFileOption, readAudioFiles } from "./audio/audio-file.ts";
import { admit, problemsOf } from "./source/admit.ts";
import { EncoderError, type EncoderErrorCode, type Warning } from "./errors.ts";
import { encodeKey } from "./plan/encode-key.ts";
import { freeBytes, predictDiskBytes, predictPackageBytes } from "./plan/estimate.ts";
import { filmOf, type MarkerInput, resolveMarkers } from "./markers/markers.ts";
import { predictMemoryBytes, workersThatFit } from "./plan/memory.ts";
import type { Plan, PlanOptions, Sidecars } from "./plan/plan.ts";
import { planOnMachine } from "./plan/plan-on-machine.ts";
import { probe, type Source } from "./source/probe.ts";
import type { MasterIdentity } from "./source/remote/identify-master.ts";
import { type PeekedMaster, peekAtMaster } from "./source/remote/peek.ts";
import { type SourceAccess, sourceAccess } from "./source/remote/source-access.ts";
import { findPrograms, type Programs } from "./programs/programs.ts";
import { hashFile } from "./source/hash-file.ts";
import { type Planned, predictIngest } from "./speed/speed.ts";
import type { EncoderTurns } from "./video/encoder-turns.ts";
import { readSubtitles, type SubtitleFile } from "./text/subtitles.ts";

export interface PreflightOptions extends PlanOptions {
  /** A file, or an address (https://, s3://), of which only what the look takes is fetched. */
  input: string;
  /** Who may be asked for a master that is not a file; as the environment says when absent. */
  access?: SourceAccess | undefined;
  subtitles?: readonly SubtitleFile[] | undefined;
  audioFiles?: readonly AudioFileOption[] | undefined;
  markers?: readonly MarkerInput[] | undefined;
  /** To say whether its disk can hold the result, and how long the ingest will take here. */
  workDir?: string | undefined;
  workers?: number | undefined;
  /** As an ingest would share them. */
  turns?: EncoderTurns | undefined;
  hashMaster?: typeof hashFile | undefined;
  /** What the title plays now, to say whether an ingest would change anything. */
  current?: CurrentEncode | undefined;
  signal?: AbortSignal | undefined;
  programs?: Programs | undefined;
}

/** As the platform knows it. */
export interface CurrentEncode {
  encodeKey: string;
  source?: { sizeBytes: number; sha256: string } | undefined;
}

export interface Problem {
  code: EncoderErrorCode;
  message: string;
  hint: string;
  atSeconds?: number;
}

/** What an ingest would do, and everything that stands in its way. */
export interface Preflight {
  ok: boolean;
  problems: Problem[];
  warnings: Warning[];
  /** Null where there is none. */
  master: MasterIdentity | null;
  /** Null where it could not be read, or has to be fetched first. */
  source: Source | null;
  plan: Plan | null;
  predictedBytes: number | null;
  /** Until viewers get the film, encoded on this machine as it is now. */
  predictedSeconds: number | null;
  /** The title plays this encode of this master already. */
  unchanged: boolean;
  requiredDiskBytes: number | null;
  freeDiskBytes: number | null;
}

/** Reads a master without decoding it. Throws only when the programs are missing or the signal fires. */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const programs = options.programs ?? (await findPrograms());
  const ffprobe = programs.ffprobe.path;
  const result: Preflight = {
    ok: false,
    problems: [],
    warnings: [],
    master: null,
    source: null,
    plan: null,
    predictedBytes: null,
    predictedSeconds: null,
    unchanged: false,
    requiredDiskBytes: null,
    freeDiskBytes: null,
  };
  const collect = collector(result);
  const subtitles = await collect(() => readSubtitles(options.subtitles ?? []));
  const audioFiles = await collect(() => readAudioFiles(ffprobe, options.audioFiles ?? [], options.signal));
  const sidecars = { subtitles: subtitles ?? [], audioFiles: audioFiles ?? [] };
  const peek = { ffprobe, access: options.access ?? sourceAccess(), signal: options.signal };
  const peeked = await collect(() => peekAtMaster(options.input, peek));
  if (peeked) {
    result.master = peeked.identity;
    try {
      await inspect(result, peeked, sidecars, { ...options, programs });
    } finally {
      await peeked.close();
    }
  }
  result.ok = result.problems.length === 0;
  return result;
}

/** What follows from the master itself, as far as it can be read. */
async function inspect(
  result: Preflight,
  { path, isRemote, identity }: PeekedMaster,
  sidecars: Sidecars,
  options: PreflightOptions & { programs: Programs },
): Promise<void> {
  const { programs, signal } = options;
  const ffprobe = programs.ffprobe.path;
  const collect = collector(result);
  const fetchBytes = isRemote ? (identity.sizeBytes ?? 0) : 0;
  if (path === null) return expectFetch(result, fetchBytes, options);
  const source = await collect(() => probe(ffprobe, path, signal));
  result.source = source;
  const rest = source ? problemsOf(source) : [];
  result.problems.push(...rest.map(toProblem));
  const admitted =
    source && rest.length === 0 ? await collect(() => admit(ffprobe, source, signal, options)) : null;
  const planned =
    admitted && (await collect(() => planOnMachine(admitted, sidecars, options, programs, signal)));
  if (planned) {
    const both = { source: admitted, plan: planned.plan };
    await collect(async () => resolveMarkers(options.markers ?? [], filmOf(planned.plan, admitted)));
    result.plan = planned.plan;
    result.warnings = planned.warnings;
    result.predictedBytes = predictPackageBytes(planned.plan);
    result.requiredDiskBytes = predictDiskBytes(planned.plan) + fetchBytes;
    // Of a remote master there is not enough here to tell it from another one.
    result.unchanged = !isRemote && (await isUnchanged(both, options));
    await collect(async () =>
      workersThatFit(predictMemoryBytes(planned.plan, admitted.video), 1, options.turns?.memoryBytes),
    );
    await predictForMachine(result, both, options);
  }
  if (isRemote) nameRemote(result, path, identity.name);
}

async function expectFetch(
  result: Preflight,
  fetchBytes: number,
  { workDir }: PreflightOptions,
): Promise<void> {
  const message =
    "Nothing of the master can be told before it is fetched: its server, or its container, gives no access to parts.";
  result.warnings.push({ code: "source_not_read", message });
  result.requiredDiskBytes = fetchBytes;
  if (workDir !== undefined) await checkDisk(result, workDir);
}

/** The file that was looked at is of no concern to anybody. */
function nameRemote(result: Preflight, path: string, name: string): void {
  const named = <T extends { message: string }>(told: T): T => ({
    ...told,
    message: told.message.replaceAll(path, name),
  });
  result.problems = result.problems.map(named);
  result.warnings = result.warnings.map(named);
  if (result.source) result.source = { ...result.source, path: name };
}

function collector(result: Preflight) {
  return async <T>(check: () => Promise<T>): Promise<T | null> => {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof EncoderError) || error.code === "cancelled") throw error;
      result.problems.push(toProblem(error));
      return null;
    }
  };
}

/** Reads the master through only where its size and the plan leave a doubt. */
async function isUnchanged(
  { source, plan }: Planned,
  { current, hashMaster, signal }: PreflightOptions,
): Promise<boolean> {
  if (!current) return false;
  const known = current.source;
  if (known && known.sizeBytes !== source.sizeBytes) return false;
  if (known && encodeKey(known.sha256, plan) !== current.encodeKey) return false;
  return encodeKey(await (hashMaster ?? hashFile)(source.path, signal), plan) === current.encodeKey;
}

async function predictForMachine(
  result: Preflight,
  planned: Planned,
  { workDir, workers, turns, programs, signal }: PreflightOptions & { programs: Programs },
): Promise<void> {
  if (workDir === undefined) return;
  await checkDisk(result, workDir);
  // Beside others its time is theirs too.
  if (turns) return;
  const prediction = await predictIngest(planned, { programs, workDir, workers, signal });
  result.predictedSeconds = prediction.seconds;
  result.predictedBytes = prediction.packageBytes;
}

async function checkDisk(result: Preflight, workDir: string): Promise<void> {
  result.freeDiskBytes = await freeBytes(workDir);
  if (result.freeDiskBytes < (result.requiredDiskBytes ?? 0)) {
    result.problems.push({
      code: "no_space",
      message: `The disk that holds ${workDir} is too full for this film.`,
      hint: "Free some space or choose a work folder on a larger disk.",
    });
  }
}

export function toProblem({ code, message, hint, atSeconds }: EncoderError): Problem {
  return { code, message, hint, ...(atSeconds === undefined ? {} : { atSeconds }) };
}
