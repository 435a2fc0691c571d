import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { encodeSound, readSound } from "./audio/encode-sound.ts";
import type { SoundFacts } from "./audio/sound-facts.ts";
import { planSoundTasks, type SoundTask } from "./audio/sound-task.ts";
import { soundWarnings } from "./audio/sound-warnings.ts";
import { EncoderError } from "./errors.ts";
import type { CommandFacts } from "./package/report.ts";
import type { Prepared } from "./prepare.ts";
import type { FfmpegInput } from "./programs/ffmpeg.ts";
import { audioInputGuards, inputGuards, inputUrl } from "./programs/input-guards.ts";
import { indexedAudio, type IndexedSource } from "./source/indexed-source.ts";
import type { WorkFolder } from "./work/work-folder.ts";

export interface MadeSound {
  facts: SoundFacts[];
  commands: CommandFacts[];
}

export function soundTasksOf({ plan, source, programs }: Prepared): SoundTask[] {
  return planSoundTasks(plan, source, programs.ffmpeg.version);
}

/** Encodes the sound of each file, unless an earlier run did, and leaves every rendition in the work folder. */
export async function makeSound(
  prepared: Prepared,
  indexed: IndexedSource,
  { chunks, renditions }: WorkFolder,
  signal: AbortSignal,
): Promise<MadeSound> {
  const made: MadeSound = { facts: [], commands: [] };
  for (const task of soundTasksOf(prepared)) {
    const folder = chunks.path(task.key);
    const reused = await chunks.has(task.key);
    const options = {
      ffmpeg: prepared.programs.ffmpeg.path,
      folder,
      signal,
      ...inputOf(task, prepared, indexed),
    };
    const { facts, argv } = reused ? await readSound(folder, task) : await encodeSound(task, options);
    await requireUnchanged(task, prepared);
    await chunks.take(task.key, renditions);
    made.facts.push(...facts);
    if (!reused)
      made.commands.push({ name: `audio, ${nameOf(task, prepared)}`, argv: withoutFolder(argv, prepared) });
  }
  prepared.warnings.push(...soundWarnings(made.facts));
  return made;
}

interface TaskInput {
  input: FfmpegInput;
  streamAt(sourceIndex: number): number;
}

function inputOf(task: SoundTask, { source, audioFiles }: Prepared, indexed: IndexedSource): TaskInput {
  const file = audioFiles.find(({ sha256 }) => sha256 === task.source);
  if (file) {
    return { input: { path: inputUrl(file.path), options: audioInputGuards }, streamAt: (index) => index };
  }
  const input = { path: inputUrl(indexed.path), options: inputGuards };
  return { input, streamAt: (index) => indexedAudio(source, index) };
}

function nameOf({ source }: SoundTask, { audioFiles }: Prepared): string {
  const file = audioFiles.find(({ sha256 }) => sha256 === source);
  return file ? basename(file.path) : "master";
}

/** A file that was written to meanwhile is half of one recording and half of another. */
async function requireUnchanged(task: SoundTask, { audioFiles }: Prepared): Promise<void> {
  const file = audioFiles.find(({ sha256 }) => sha256 === task.source);
  const now = file && (await stat(file.path).catch(() => null));
  if (!file || (now?.size === file.sizeBytes && now.mtimeMs === file.modifiedMs)) return;
  throw new EncoderError("source_changed", {
    message: `${file.path} changed while it was encoded.`,
    hint: "Wait until it is written to its end, then run the same command again.",
  });
}

/** The report is published with the film: it names programs and files, not where this machine keeps them. */
function withoutFolder(
  [program = "", ...args]: readonly string[],
  { source, audioFiles }: Prepared,
): string[] {
  const paths = [source.path, ...audioFiles.map(({ path }) => path)];
  const bare = (argument: string): string =>
    paths.reduce((text, path) => text.replace(path, basename(path)), argument);
  return [basename(program), ...args.map(bare)];
}
