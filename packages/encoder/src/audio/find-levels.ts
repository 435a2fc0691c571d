import { decodeChain, gainChain } from "./audio-graph.ts";
import { type Gain, gainTo, type Loudness, type LoudnessTarget, withMakeup } from "./loudness.ts";
import { measureLoudness } from "./measure-loudness.ts";
import type { FfmpegInput } from "../programs/ffmpeg.ts";
import type { AudioRendition } from "./plan-audio.ts";

export interface Level {
  input: Loudness;
  /** Null of silence. */
  gain: Gain | null;
}

interface LevelOptions {
  ffmpeg: string;
  folder: string;
  input: FfmpegInput;
  streamAt(sourceIndex: number): number;
  /** What comes later is not listened to. */
  endSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** The first pass: how loud each rendition would be, each in its own layout, and what gain brings it to the target. */
export async function findLevels(
  renditions: readonly AudioRendition[],
  target: LoudnessTarget,
  options: LevelOptions,
): Promise<Map<string, Level>> {
  const listen = async (heard: readonly AudioRendition[], gainOf: (id: string) => Gain | null) =>
    measureLoudness({
      ...options,
      inputs: [options.input],
      chains: heard.map((rendition) => ({
        id: rendition.id,
        chain: `[0:${options.streamAt(rendition.streamIndex)}]${decodeChain(rendition, options)}${gainChain(gainOf(rendition.id))}`,
      })),
    });
  const levels = new Map<string, Level>();
  for (const [id, input] of await listen(renditions, () => null)) {
    levels.set(id, { input, gain: gainTo(target, input) });
  }
  const gainOf = (id: string): Gain | null => levels.get(id)?.gain ?? null;
  const limited = renditions.filter(({ id }) => gainOf(id)?.limited);
  if (limited.length === 0) return levels;
  for (const [id, heard] of await listen(limited, gainOf)) {
    const level = levels.get(id);
    if (level?.gain) levels.set(id, { ...level, gain: withMakeup(level.gain, target, heard) });
  }
  return levels;
}
