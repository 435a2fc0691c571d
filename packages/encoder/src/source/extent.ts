import { readProgram } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";

/** Where the data of a file really ends, whatever its header promises. Times count from the film's start. */
export interface Extent {
  /** Of all streams. */
  endSeconds: number;
  videoEndSeconds: number;
}

/** Long enough for the last GOP of any sane master. */
export const tailSeconds = 20;
/** Builds of ffprobe were seen to read nothing in an interval without an end. */
export const toTheEnd = "+1000000";
/** A pass over every packet of a file without a usable index; nothing is decoded. */
const scanTimeoutMs = 600_000;

/**
 * Reads the last packets. A cut file shows here, before an hour of encoding does: MP4 with its index in front and MKV keep
 * the whole duration in their headers. Where nothing is found at the end, or the header has no duration, all packets are read.
 */
export async function measureExtent(
  ffprobe: string,
  file: MeasuredFile,
  signal?: AbortSignal,
  guards: readonly string[] = inputGuards,
): Promise<Extent> {
  const { durationSeconds } = file;
  const read = async (interval: string[]): Promise<Extent> =>
    readExtent(ffprobe, file, [...guards, "-v", "quiet", ...interval], signal);
  if (durationSeconds !== null && durationSeconds > tailSeconds) {
    const extent = await read([
      "-read_intervals",
      `${(durationSeconds - tailSeconds).toFixed(3)}%${toTheEnd}`,
    ]);
    if (extent.videoEndSeconds > 0) return extent;
  }
  return read([]);
}

interface MeasuredFile {
  path: string;
  durationSeconds: number | null;
  /** The stream that counts most: in a file of sound, the sound. */
  video: { index: number };
}

async function readExtent(
  ffprobe: string,
  file: MeasuredFile,
  options: string[],
  signal?: AbortSignal,
): Promise<Extent> {
  const shown = [
    "-show_entries",
    "packet=stream_index,pts_time,duration_time:format=start_time",
    "-of",
    "csv",
  ];
  const args = [...options, ...shown, "-i", inputUrl(file.path)];
  const { stdout } = await readProgram(ffprobe, args, { signal, timeoutMs: scanTimeoutMs });
  return parseExtent(stdout, file.video.index);
}

/** Lines such as `packet,0,29.958333,0.041667` and, last, `format,0.000000`. */
export function parseExtent(csv: string, videoIndex: number): Extent {
  const start = Number(/^format,([\d.-]+)/m.exec(csv)?.[1] ?? 0) || 0;
  let [endSeconds, videoEndSeconds] = [0, 0];
  for (const [, index, pts, duration] of csv.matchAll(/^packet,(\d+),([\d.-]+),([\d.]+|N\/A)/gm)) {
    const end = Number(pts) - start + (Number(duration) || 0);
    endSeconds = Math.max(endSeconds, end);
    if (Number(index) === videoIndex) videoEndSeconds = Math.max(videoEndSeconds, end);
  }
  return { endSeconds, videoEndSeconds };
}
