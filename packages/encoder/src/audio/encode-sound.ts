import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FfmpegInput, runFfmpeg } from "../programs/ffmpeg.ts";
import { inputUrl } from "../programs/input-guards.ts";
import { mp4 } from "../video/chunk-task.ts";
import { renditionFile } from "../work/rendition-file.ts";
import { writeWhole } from "../work/whole-folder.ts";
import { decodeChain, gainChain } from "./audio-graph.ts";
import { findLevels, type Level } from "./find-levels.ts";
import type { Loudness } from "./loudness.ts";
import { measureLoudness } from "./measure-loudness.ts";
import { type EncodedSound, formatSound, parseSound, type SoundFacts } from "./sound-facts.ts";
import type { SoundTask } from "./sound-task.ts";

export interface EncodeSoundOptions {
  ffmpeg: string;
  /** The file with its guards. */
  input: FfmpegInput;
  /** Where a stream of the source is in that file. */
  streamAt(sourceIndex: number): number;
  /** Appears with every rendition in it, or not at all. */
  folder: string;
  signal?: AbortSignal | undefined;
}

/** Runs one task: measures, encodes, and measures again what was encoded. */
export async function encodeSound(task: SoundTask, options: EncodeSoundOptions): Promise<EncodedSound> {
  let sound: EncodedSound = { facts: [], argv: [] };
  await writeWhole(options.folder, async (folder) => {
    sound = await encodeInto(folder, task, options);
    await writeFile(join(folder, factsFile(task)), formatSound(sound));
  });
  return sound;
}

/** What an earlier run left in the task's folder. */
export async function readSound(folder: string, task: SoundTask): Promise<EncodedSound> {
  return parseSound(await readFile(join(folder, factsFile(task)), "utf8"));
}

/** Named by the task, since the renditions of several come to lie in one folder. */
function factsFile({ key }: SoundTask): string {
  return `${key}.json`;
}

/** ffmpeg exits 0 on corrupt input unless it is told both. */
const strict = "-xerror -err_detect explode".split(" ");
/** What cannot be decoded is left out, which makes silence of it: a decoder that forgives makes noise. */
const tolerant = "-err_detect:a explode -max_error_rate 1".split(" ");
/** Times count from the start of all streams, as the pictures' do. */
const decoding = "-copyts -start_at_zero".split(" ");

async function encodeInto(folder: string, task: SoundTask, given: EncodeSoundOptions): Promise<EncodedSound> {
  const { renditions, loudness: target, tolerateErrors } = task;
  const strictness = tolerateErrors ? tolerant : strict;
  const input = { path: given.input.path, options: [...strictness, ...decoding, ...given.input.options] };
  const options = { ...given, folder, input, endSeconds: endSecondsOf(task) };
  const levels = target === null ? new Map<string, Level>() : await findLevels(renditions, target, options);
  const argv = await runFfmpeg(
    {
      program: options.ffmpeg,
      folder,
      input,
      filterGraph: encodeGraph(task, levels, options.streamAt),
      outputs: renditions.map(({ id, bitrateKbps }, index) => ({
        path: renditionFile(id),
        options: ["-map", `[a${index}]`, "-c:a", "aac", "-b:a", `${bitrateKbps}k`, ...mp4],
      })),
    },
    { signal: options.signal },
  );
  const outputs = target === null ? null : await measureEncoded(folder, task, options);
  const facts = renditions.map(({ id }) => factsOf(id, task, levels.get(id), outputs?.get(id)));
  return { facts, argv };
}

/** Of a damaged film no time is believed that comes after its pictures. */
function endSecondsOf({ tolerateErrors, filmSeconds }: SoundTask): number | undefined {
  return tolerateErrors ? filmSeconds : undefined;
}

/** The sound never ends before the picture; neither a file beside the master nor a damaged time makes the film longer. */
function encodeGraph(
  task: SoundTask,
  levels: ReadonlyMap<string, Level>,
  streamAt: EncodeSoundOptions["streamAt"],
): string {
  const { renditions, source, filmSeconds, shiftSeconds, tolerateErrors } = task;
  const seconds = filmSeconds.toFixed(6);
  const times = { shiftSeconds, endSeconds: endSecondsOf(task) };
  const isLong = source === "master" && !tolerateErrors;
  const end = `${isLong ? "" : `,atrim=end=${seconds}`},apad=whole_dur=${seconds}`;
  return renditions
    .map((rendition, index) => {
      const gain = gainChain(levels.get(rendition.id)?.gain ?? null);
      return `[0:${streamAt(rendition.streamIndex)}]${decodeChain(rendition, times)}${gain}${end}[a${index}]`;
    })
    .join(";");
}

async function measureEncoded(
  folder: string,
  { renditions }: SoundTask,
  { ffmpeg, signal }: EncodeSoundOptions,
): Promise<Map<string, Loudness>> {
  const inputs = renditions.map(({ id }) => ({
    path: inputUrl(join(folder, renditionFile(id))),
    options: [],
  }));
  const [first, ...rest] = inputs;
  if (!first) return new Map();
  const chains = renditions.map(({ id }, index) => ({ id, chain: `[${index}:a]anull` }));
  return measureLoudness({ ffmpeg, folder, inputs: [first, ...rest], chains, signal });
}

function factsOf(
  id: string,
  { loudness: targetLkfs }: SoundTask,
  level: Level | undefined,
  output: Loudness | undefined,
): SoundFacts {
  if (targetLkfs === null || !level || !output) return { id, loudness: null };
  const { gainDb, limited } = level.gain ?? { gainDb: 0, limited: false };
  return { id, loudness: { targetLkfs, input: level.input, gainDb, limited, output } };
}
