import { type AudioFileOption, readAudioFiles } from "./audio/audio-file.ts";
import { admit, problemsOf } from "./source/admit.ts";
import { EncoderError, type EncoderErrorCode, type Warning } from "./errors.ts";
import { encodeKey } from "./plan/encode-key.ts";
import { freeBytes, predictDiskBytes, predictPackageBytes } from "./plan/estimate.ts";
import { filmOf, type MarkerInput, resolveMarkers } from "./markers/markers.ts";
import { predictMemoryBytes, workersThatFit } from "./plan/memory.ts";
import type { Plan, PlanOptions } from "./plan/plan.ts";
import { planOnMachine } from "./plan/plan-on-machine.ts";
import { probe, type Source } from "./source/probe.ts";
import { findPrograms, type Programs } from "./programs/programs.ts";
import { hashFile } from "./source/hash-file.ts";
import { type Planned, predictIngestSeconds } from "./speed/speed.ts";
import type { EncoderTurns } from "./video/encoder-turns.ts";
import { readSubtitles, type SubtitleFile } from "./text/subtitles.ts";

export interface PreflightOptions extends PlanOptions {
  input: string;
  subtitles?: readonly SubtitleFile[] | undefined;
  audioFiles?: readonly AudioFileOption[] | undefined;
  markers?: readonly MarkerInput[] | undefined;
  /** To say whether its disk can hold the result, and how long the ingest will take here. */
  workDir?: string | undefined;
  workers?: number | undefined;
  /** As an ingest would share them. */
  turns?: EncoderTurns | undefined;
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
  const source = await collect(() => probe(ffprobe, options.input, options.signal));
  result.source = source;
  const rest = source ? problemsOf(source) : [];
  result.problems.push(...rest.map(toProblem));
  const admitted =
    source && rest.length === 0 ? await collect(() => admit(ffprobe, source, options.signal)) : null;
  const sidecars = { subtitles: subtitles ?? [], audioFiles: audioFiles ?? [] };
  const planned =
    admitted && (await collect(() => planOnMachine(admitted, sidecars, options, programs, options.signal)));
  if (planned) {
    await collect(async () => resolveMarkers(options.markers ?? [], filmOf(planned.plan)));
    result.plan = planned.plan;
    result.warnings = planned.warnings;
    result.predictedBytes = predictPackageBytes(planned.plan);
    result.requiredDiskBytes = predictDiskBytes(planned.plan);
    result.unchanged = await isUnchanged({ source: admitted, plan: planned.plan }, options);
    await collect(async () => workersThatFit(predictMemoryBytes(planned.plan, admitted.video), 1, options.turns?.memoryBytes));
    await predictForMachine(result, { source: admitted, plan: planned.plan }, { ...options, programs });
  }
  result.ok = result.problems.length === 0;
  return result;
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
  { current, signal }: PreflightOptions,
): Promise<boolean> {
  if (!current) return false;
  const known = current.source;
  if (known && known.sizeBytes !== source.sizeBytes) return false;
  if (known && encodeKey(known.sha256, plan) !== current.encodeKey) return false;
  return encodeKey(await hashFile(source.path, signal), plan) === current.encodeKey;
}

async function predictForMachine(
  result: Preflight,
  planned: Planned,
  { workDir, workers, programs, signal }: PreflightOptions & { programs: Programs },
): Promise<void> {
  if (workDir === undefined) return;
  await checkDisk(result, workDir);
  result.predictedSeconds = await predictIngestSeconds(planned, { programs, workDir, workers, signal });
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
