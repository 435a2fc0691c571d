import { switchingSetName } from "./plan/video-rendition.ts";
import { basename, join } from "node:path";
import { filmToEncode } from "./burn/film-to-encode.ts";
import type { SoundFacts } from "./audio/sound-facts.ts";
import type { DamageFacts } from "./damage/damage.ts";
import { damageWarnings, surveyDamage } from "./damage/survey-damage.ts";
import { throwIfAborted } from "./errors.ts";
import { type MadeSound, makeSound } from "./make-sound.ts";
import type { ChunkFacts, CommandFacts } from "./package/report.ts";
import { fps } from "./plan/frame-rate.ts";
import { predictMemoryBytes, workersThatFit } from "./plan/memory.ts";
import type { Prepared } from "./prepare.ts";
import type { ProgressMeter } from "./progress.ts";
import type { IndexedSource } from "./source/indexed-source.ts";
import { followChunks } from "./video/chunk-progress.ts";
import { type ChunkRecord, type ChunkRunner, createLocalRunner } from "./video/chunk-runner.ts";
import type { ChunkTask } from "./video/chunk-task.ts";
import { runPool } from "./video/pool.ts";
import { stitch } from "./video/stitch.ts";
import type { TextRendition } from "./text/plan-text.ts";
import { takeTextTracks } from "./text/text-tracks.ts";
import type { WorkFolder } from "./work/work-folder.ts";
import { createQueueRunner } from "./workers/queue-runner.ts";

export interface Transcoded {
  chunks: ChunkFacts[];
  sound: SoundFacts[];
  /** Of the master's own tracks, those with text in them. */
  tracks: TextRendition[];
  commands: CommandFacts[];
  /** Of a film whose damage is tolerated. */
  damage: DamageFacts | null;
}

/** Encodes the pictures in chunks and the sound beside them, takes the master's text out of it, and leaves every rendition whole in the work folder. */
export async function transcode(
  prepared: Prepared,
  tasks: readonly ChunkTask[],
  folder: WorkFolder,
  update: ProgressMeter["update"],
): Promise<Transcoded> {
  const { plan, source, programs, signal } = prepared;
  const ffmpeg = programs.ffmpeg.path;
  // Before the first work: a machine that is too small is told at once.
  const neededBytes = predictMemoryBytes(plan, source.video);
  const workers = prepared.fanOut
    ? 0
    : workersThatFit(neededBytes, prepared.workers, prepared.turns?.memoryBytes);
  const indexed = await filmToEncode(prepared, folder.renditions);
  const runner = openRunner(prepared, indexed, { workers, neededBytes });
  const progress = followChunks(tasks, fps(plan.frameRate), update);
  let records: ChunkRecord[] = [];
  let sound: MadeSound = { facts: [], commands: [] };
  let tracks: TextRendition[] = [];
  let damage: DamageFacts | null = null;
  const jobs = [
    async (either: AbortSignal) => {
      records = await runner.run(tasks, { chunks: folder.chunks, signal: either, ...progress });
    },
    async (either: AbortSignal) => {
      sound = await makeSound(prepared, indexed, folder, either);
    },
    async (either: AbortSignal) => {
      const { tolerateErrors } = plan;
      const to = { renditions: plan.text, folder: folder.renditions, tolerateErrors, signal: either };
      const taken = await takeTextTracks({ ffmpeg, source, ...to });
      tracks = taken.written;
      prepared.warnings.push(...taken.warnings);
    },
    async (either: AbortSignal) => {
      if (!plan.tolerateErrors) return;
      damage = await surveyDamage(prepared, indexed, folder.renditions, either);
      prepared.warnings.push(...damageWarnings(damage));
    },
  ];
  await runPool(jobs, jobs.length, (job, either) => job(either), signal);
  throwIfAborted(signal);
  await joinChunks(tasks, prepared, folder);
  const read = [source.path, indexed.path, ...(indexed.subtitle === undefined ? [] : [indexed.subtitle])];
  const bare = (argv: readonly string[]) => withoutFolders(argv, read);
  return {
    chunks: tasks.map((task, index) => chunkFacts(task, records[index])),
    commands: [
      ...firstOfEachSet(tasks, records).map(({ name, argv }) => ({ name, argv: bare(argv) })),
      ...sound.commands,
    ],
    sound: sound.facts,
    tracks,
    damage,
  };
}

/** On the workers of a broker where there is one, else on this machine. */
function openRunner(
  { source, origin, programs, fanOut, turns }: Prepared,
  indexed: IndexedSource,
  { workers, neededBytes }: { workers: number; neededBytes: number },
): ChunkRunner {
  const takeTurn = turns && ((signal: AbortSignal) => turns.take(neededBytes, signal));
  if (!fanOut) return createLocalRunner({ ffmpeg: programs.ffmpeg.path, source: indexed, workers, takeTurn });
  const isCopy = indexed.path !== source.path;
  const key = isCopy ? `${source.sha256}-indexed` : source.sha256;
  const master = { indexed, key, origin: isCopy ? undefined : origin };
  return createQueueRunner(fanOut, programs.ffmpeg.version, master);
}

async function joinChunks(
  tasks: readonly ChunkTask[],
  { plan, programs, signal }: Prepared,
  { chunks, renditions }: WorkFolder,
): Promise<void> {
  for (const task of tasks) await chunks.take(task.key, join(renditions, String(task.chunk.index)));
  for (const rendition of plan.video) {
    const set = switchingSetName(rendition);
    const cuts = tasks.filter(({ switchingSet }) => switchingSet === set).map(({ chunk }) => chunk);
    const to = { plan, chunks: cuts, folder: renditions, renditionId: rendition.id, signal };
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
function firstOfEachSet(tasks: readonly ChunkTask[], records: readonly ChunkRecord[]): CommandFacts[] {
  return [...new Set(tasks.map(({ switchingSet }) => switchingSet))].flatMap((set) => {
    const index = tasks.findIndex((task, at) => task.switchingSet === set && records[at]?.reused === false);
    const { argv } = records[index] ?? {};
    const chunk = tasks[index]?.chunk.index ?? 0;
    return argv ? [{ name: `${set}, chunk ${chunk + 1}`, argv }] : [];
  });
}

/** The report is published with the film: it names programs and what they read, not where this machine keeps it. */
function withoutFolders([program = "", ...args]: readonly string[], read: readonly string[]): string[] {
  const bare = (argument: string) =>
    read.reduce((word, path) => word.replace(path, basename(path)), argument);
  return [basename(program), ...args.map(bare)];
}
