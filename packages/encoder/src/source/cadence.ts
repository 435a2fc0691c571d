import { readProgram } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { Source } from "./probe.ts";

/** Frames a second that most of the film's frames come at; null where there are too few to say. */
export async function measureCadence(
  ffprobe: string,
  { path, video, durationSeconds }: Source,
  signal?: AbortSignal,
): Promise<number | null> {
  const places = [0, 0.4, 0.8].map(
    (share) => `${((durationSeconds ?? 0) * share).toFixed(3)}%+${sampleSeconds}`,
  );
  const shown = ["-show_entries", "packet=pts_time", "-of", "csv=p=0"];
  const of = ["-select_streams", String(video.index), "-read_intervals", [...new Set(places)].join(",")];
  const args = [...inputGuards, "-v", "quiet", ...of, ...shown, "-i", inputUrl(path)];
  const { stdout } = await readProgram(ffprobe, args, { signal });
  return cadenceOf(stdout.split("\n").map(Number.parseFloat).filter(Number.isFinite));
}

/** Of each place that is looked at. */
const sampleSeconds = 12;

/**
 * The median of the rates of short runs of frames. An average is drawn away by the gaps of a telephone in the dark or of a slide show; a single
 * interval says nothing of film in NTSC, whose frames stand for two and three fields in turn.
 */
export function cadenceOf(times: readonly number[]): number | null {
  const sorted = [...new Set(times)].toSorted((a, b) => a - b);
  const rates = sorted
    .slice(runFrames)
    .map((time, index) => runFrames / (time - (sorted[index] ?? time)))
    .toSorted((a, b) => a - b);
  return rates[Math.floor(rates.length / 2)] ?? null;
}

const runFrames = 10;
