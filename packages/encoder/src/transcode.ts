import { basename, join } from "node:path";
import { encodeAudio } from "./audio/encode-audio.ts";
import { throwIfAborted } from "./errors.ts";
import type { ChunkFacts, CommandFacts } from "./package/report.ts";
import { fps } from "./plan/frame-rate.ts";
import type { Prepared } from "./prepare.ts";
import type { ProgressMeter } from "./progress.ts";
import { indexedSource } from "./source/indexed-source.ts";
import { type ChunkRecord, type ChunkRun, createLocalRunner } from "./video/chunk-runner.ts";
import type { ChunkTask } from "./video/chunk-task.ts";
import { runPool } from "./video/pool.ts";
import { stitch } from "./video/stitch.ts";
import type { WorkFolder } from "./work/work-folder.ts";

export interface Transcoded {
  chunks: ChunkFacts[];
  commands: CommandFacts[];
}

/** Encodes the pictures in chunks and the sound beside them, and leaves every rendition whole in the work folder. */
export async function transcode(
  prepared: Prepared,
  tasks: readonly ChunkTask[],
  folder: WorkFolder,
  update: ProgressMeter["update"],
): Promise<Transcoded> {
  const { plan, source, programs, workers, signal } = prepared;
  const ffmpeg = programs.ffmpeg.path;
  const indexed = await indexedSource({ ffmpeg, source, folder: folder.renditions, signal });
  const runner = createLocalRunner({ ffmpeg, source: indexed, workers });
  const onProgress = watchProgress(tasks, fps(plan.frameRate), update);
  let records: ChunkRecord[] = [];
  let audioArgv: string[] = [];
  const jobs = [
    async (either: AbortSignal) => {
      records = await runner.run(tasks, { chunks: folder.chunks, signal: either, onProgress });
    },
    async (either: AbortSignal) => {
      if (plan.audio.length === 0) return;
      const to = { plan, folder: folder.renditions, signal: either };
      audioArgv = await encodeAudio({ ffmpeg, sourcePath: source.path, ...to });
    },
  ];
  await runPool(jobs, jobs.length, (job, either) => job(either), signal);
  throwIfAborted(signal);
  await joinChunks(tasks, prepared, folder);
  const bare = (argv: readonly string[]) => withoutFolders(argv, source.path);
  return {
    chunks: tasks.map((task, index) => chunkFacts(task, records[index])),
    commands: [
      ...firstOfEachCodec(tasks, records).map(({ name, argv }) => ({ name, argv: bare(argv) })),
      ...(audioArgv.length > 0 ? [{ name: "audio", argv: bare(audioArgv) }] : []),
    ],
  };
}

/** Tells the share of the work that is done, and how many seconds of film a second takes, chunks of earlier runs aside. */
function watchProgress(
  tasks: readonly ChunkTask[],
  framesPerSecond: number,
  update: ProgressMeter["update"],
): ChunkRun["onProgress"] {
  const total = tasks.reduce((sum, { cost }) => sum + cost, 0);
  const filmSeconds = Math.max(...tasks.map(endFrame)) / framesPerSecond;
  const startedMs = performance.now();
  const done = new Map<string, number>();
  let [reused, reached] = [0, 0];
  return ({ key, cost, expectedFrames }, { frames }) => {
    const share = (cost / total) * Math.min(1, frames / expectedFrames);
    const before = done.get(key);
    if (before === undefined && frames === expectedFrames) reused += share;
    done.set(key, share);
    reached += share - (before ?? 0);
    update(reached, ((reached - reused) * filmSeconds) / ((performance.now() - startedMs) / 1000));
  };
}

function endFrame({ chunk, expectedFrames }: ChunkTask): number {
  return chunk.firstFrame + expectedFrames;
}

async function joinChunks(
  tasks: readonly ChunkTask[],
  { plan, programs, signal }: Prepared,
  { chunks, renditions }: WorkFolder,
): Promise<void> {
  for (const task of tasks) await chunks.take(task.key, join(renditions, String(task.chunk.index)));
  for (const { id, codec } of plan.video) {
    const cuts = tasks.filter((task) => task.codec === codec).map(({ chunk }) => chunk);
    const to = { plan, chunks: cuts, folder: renditions, renditionId: id, signal };
    await stitch({ ffmpeg: programs.ffmpeg.path, ...to });
  }
}

function chunkFacts(task: ChunkTask, record: ChunkRecord | undefined): ChunkFacts {
  const { key, codec, chunk, expectedFrames } = task;
  return {
    key,
    codec,
    firstFrame: chunk.firstFrame,
    frames: expectedFrames,
    worker: record?.worker ?? "",
    reused: record?.reused ?? false,
    wallSeconds: record?.wallSeconds ?? 0,
  };
}

/** The other chunks' differ in their times only. */
function firstOfEachCodec(tasks: readonly ChunkTask[], records: readonly ChunkRecord[]): CommandFacts[] {
  return [...new Set(tasks.map(({ codec }) => codec))].flatMap((codec) => {
    const index = tasks.findIndex((task, at) => task.codec === codec && records[at]?.reused === false);
    const { argv } = records[index] ?? {};
    const chunk = tasks[index]?.chunk.index ?? 0;
    return argv ? [{ name: `${codec}, chunk ${chunk + 1}`, argv }] : [];
  });
}

/** The report is published with the film: it names programs and the master, not where this machine keeps them. */
function withoutFolders([program = "", ...args]: readonly string[], sourcePath: string): string[] {
  return [basename(program), ...args.map((argument) => argument.replace(sourcePath, basename(sourcePath)))];
}
