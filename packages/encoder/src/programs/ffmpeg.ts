import { type ChildProcess, type SpawnOptions } from "node:child_process";
import ffmpeg from "fluent-ffmpeg";
import { type Confinement, confine, encodeConfinement, probeConfinement } from "./confine.ts";
import { cancelled, throwIfAborted } from "../errors.ts";
import { explainFfmpegFailure, stalled } from "./ffmpeg-failure.ts";
import { createProgressParser, type FfmpegProgress } from "./ffmpeg-progress.ts";
import { endGroupOnAbort, ownGroup } from "./process-group.ts";

/**
 * The only file that uses fluent-ffmpeg, and with packager.ts the only one that starts a program. The library is archived upstream
 * and pinned; what it lacks is added at the one place where it starts every process, `_spawnFfmpeg`: a process group of
 * its own, limits, an abort signal. ffprobe goes the same way, because the library's own `ffprobe()` knows neither
 * JSON nor a signal, and its line format lets a newline in a tag forge a field.
 */

export interface FfmpegJob {
  program: string;
  /** Relative paths of inputs and outputs start here. */
  folder: string;
  input: FfmpegInput;
  /** After the first, in the filter graph `[1:v]` and so on. */
  moreInputs?: readonly FfmpegInput[];
  filterGraph?: string;
  outputs: readonly { path: string; options: readonly string[] }[];
}

export interface FfmpegInput {
  path: string;
  options: readonly string[];
}

export interface FfmpegRun {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FfmpegProgress) => void) | undefined;
  /** Every line of the log, for filters that tell there what they measured; they do so at `-loglevel level+info`. */
  onLog?: ((line: string) => void) | undefined;
  /** Neither a new frame nor more sound for this long ends the run with `stalled`. */
  stallMs?: number | undefined;
}

/** The library keeps as many of stdout as of stderr, where the reason of a failure is. */
const keptLines = 400;
const defaultStallMs = 120_000;
const defaultReadMs = 60_000;
const globalOptions = [
  "-hide_banner",
  "-nostdin",
  "-nostats",
  "-loglevel",
  "level+warning",
  "-progress",
  "pipe:1",
];

/** Runs one ffmpeg to its end and answers its arguments. Exit code 0 is not success yet: the caller verifies what was written. */
export async function runFfmpeg(job: FfmpegJob, run: FfmpegRun = {}): Promise<string[]> {
  throwIfAborted(run.signal);
  const watchdog = new AbortController();
  const stall = startStallTimer(watchdog, run.stallMs ?? defaultStallMs);
  const parser = createProgressParser((progress) => {
    stall.saw(progress);
    run.onProgress?.(progress);
  });
  const signal = anySignal(run.signal, watchdog.signal);
  try {
    const result = await runCommand(job, signal, { parser, onLog: run.onLog });
    throwIfAborted(run.signal);
    if (watchdog.signal.aborted) throw stalled(run.stallMs ?? defaultStallMs);
    const failure = explainFfmpegFailure({
      ...result,
      folder: job.folder,
      atSeconds: parser.last()?.outTimeSeconds,
    });
    if (failure) throw failure;
    return result.argv;
  } finally {
    stall.stop();
  }
}

export interface ReadResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

interface ReadOptions {
  folder?: string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  confinement?: Confinement;
}

/** Runs ffprobe, or ffmpeg for what it knows about itself, and answers what it printed, whatever its exit code. */
export async function readProgram(
  program: string,
  args: readonly string[],
  options: ReadOptions = {},
): Promise<ReadResult> {
  throwIfAborted(options.signal);
  const timeoutMs = options.timeoutMs ?? defaultReadMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const stdout: string[] = [];
  const seam = openSeam(ffmpeg({ cwd: options.folder }), program, {
    confinement: options.confinement ?? probeConfinement,
    signal: anySignal(options.signal, timeout),
    onSpawn: (child) => child.stdout?.setEncoding("utf8").on("data", (chunk: string) => stdout.push(chunk)),
  });
  const { error, stderr } = await new Promise<{ error: Error | null; stderr: string }>((resolve) => {
    seam.spawn(
      [...args],
      { captureStdout: true, stdoutLines: keptLines, cwd: options.folder },
      () => {},
      (error, _, stderr) => {
        resolve({ error: error ?? null, stderr: stderr.get() });
      },
    );
  });
  if (options.signal?.aborted) throw cancelled();
  if (timeout.aborted) throw stalled(timeoutMs);
  return { exitCode: exitCodeOf(error), stdout: stdout.join(""), stderr };
}

export interface FfmpegResult {
  argv: string[];
  exitCode: number | null;
  stderr: string[];
}

async function runCommand(
  job: FfmpegJob,
  signal: AbortSignal,
  { parser, onLog }: { parser: { push(chunk: string): void }; onLog: FfmpegRun["onLog"] },
): Promise<FfmpegResult> {
  const command = ffmpeg({ cwd: job.folder, stdoutLines: keptLines });
  const stderr: string[] = [];
  let argv: string[] = [];
  openSeam(command, job.program, {
    confinement: encodeConfinement(),
    signal,
    onSpawn: (child, args) => {
      argv = args;
      child.stdout?.setEncoding("utf8").on("data", (chunk: string) => parser.push(chunk));
    },
  });
  command.input(job.input.path).inputOptions(...globalOptions, ...job.input.options);
  for (const input of job.moreInputs ?? []) command.input(input.path).inputOptions([...input.options]);
  if (job.filterGraph !== undefined) command.complexFilter(job.filterGraph);
  for (const output of job.outputs) command.output(output.path).outputOptions(...output.options);
  const error = await new Promise<Error | null>((resolve) => {
    command
      .on("stderr", (line: string) => {
        onLog?.(line);
        // What filters tell must not take the place of a reason.
        if (stderr.length < keptLines && !line.includes("[info]")) stderr.push(line);
      })
      .on("error", (error: Error) => resolve(error))
      .on("end", () => resolve(null))
      .run();
  });
  return { argv, exitCode: exitCodeOf(error), stderr };
}

/** fluent-ffmpeg tells the exit code in words only; null is an end by signal or a program that did not start. */
function exitCodeOf(error: Error | null): number | null {
  if (error === null) return 0;
  const code = /exited with code (\d+)/.exec(error.message)?.[1];
  return code === undefined ? null : Number(code);
}

interface LinesRing {
  get(): string;
}
type FluentSpawnOptions = SpawnOptions & { captureStdout?: boolean; stdoutLines?: number };
type OnProcess = (child: ChildProcess, stdout: LinesRing, stderr: LinesRing) => void;
type OnEnd = (error: Error | null | undefined, stdout: LinesRing, stderr: LinesRing) => void;
type FluentSpawn = (args: string[], options: FluentSpawnOptions, onProcess: OnProcess, onEnd: OnEnd) => void;

interface SeamOptions {
  confinement: Confinement;
  signal: AbortSignal;
  onSpawn(child: ChildProcess, args: string[]): void;
}

/** Takes the place of the library's spawn function on one command, and calls the original with what it lacks. */
function openSeam(
  command: ffmpeg.FfmpegCommand,
  program: string,
  options: SeamOptions,
): { spawn: FluentSpawn } {
  const original: unknown = Reflect.get(command, "_spawnFfmpeg");
  if (typeof original !== "function") throw new TypeError("fluent-ffmpeg has no _spawnFfmpeg: is it 2.1.3?");
  const confined = confine({ program, args: [] }, options.confinement);
  const spawn: FluentSpawn = (args, spawnOptions, onProcess, onEnd) => {
    const stdio: SpawnOptions["stdio"] = ["ignore", "pipe", "pipe"];
    let release = (): void => {};
    const started: OnProcess = (child, stdout, stderr) => {
      release = endGroupOnAbort(child, options.signal);
      options.onSpawn(child, [program, ...args]);
      onProcess(child, stdout, stderr);
    };
    const ended: OnEnd = (error, stdout, stderr) => {
      release();
      // The library hands out no rings when the program did not start, and then reads them.
      const empty: LinesRing = { get: () => "" };
      onEnd(error, stdout ?? empty, stderr ?? empty);
    };
    Reflect.apply(original, command, [
      [...confined.args, ...args],
      { ...spawnOptions, stdio, detached: ownGroup, env: environment() },
      started,
      ended,
    ]);
  };
  Object.assign(command, {
    _getFfmpegPath: (callback: (error: null, path: string) => void) => callback(null, confined.program),
    // Inside the library it is called without `onProcess` too.
    _spawnFfmpeg: (...call: Parameters<FluentSpawn> | [string[], FluentSpawnOptions, OnEnd]) =>
      call.length === 4 ? spawn(...call) : spawn(call[0], call[1], () => {}, call[2]),
  });
  return { spawn };
}

/**
 * The static ffprobe of npm loads the machine's iconv modules for the service name of an MPEG-TS and dies of it (SIGSEGV); without a path
 * to them it reads the name as it is. A report file that the caller's shell asks for would land in the work folder.
 */
function environment(): NodeJS.ProcessEnv {
  const { FFREPORT: _, ...inherited } = process.env;
  return { ...inherited, GCONV_PATH: "/nonexistent" };
}

function anySignal(...signals: (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

function startStallTimer(
  controller: AbortController,
  stallMs: number,
): { saw(progress: FfmpegProgress): void; stop(): void } {
  let last = -1;
  const timer = setTimeout(() => controller.abort(), stallMs);
  return {
    saw({ frames, outTimeSeconds }) {
      // Sound has no frames.
      const reached = frames + outTimeSeconds;
      if (reached === last) return;
      last = reached;
      timer.refresh();
    },
    stop: () => clearTimeout(timer),
  };
}
