import { readProgram } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { IndexedSource } from "../source/indexed-source.ts";

interface SeekOptions {
  ffmpeg: string;
  source: IndexedSource;
  seekSeconds: number;
  /** A picture of this time or before has to be read. */
  shownSeconds: number;
  signal?: AbortSignal | undefined;
}

/**
 * Where to seek so that the picture that is shown at a time is read. MP4 is searched by decoding times: in a film with a gap, the key frame after it
 * has one from before the gap (its pictures are reordered), and a seek into the gap goes to its end. So it is tried, and tried earlier.
 */
export async function seekToPicture(options: SeekOptions): Promise<number> {
  const { shownSeconds, seekSeconds } = options;
  for (let back = shownSeconds - seekSeconds; ; back *= 2) {
    const seek = Math.max(0, shownSeconds - back);
    if (seek === 0 || (await firstPictureSeconds(options, seek)) <= shownSeconds) return seek;
  }
}

/** Of the first packet after the seek; where it has none or cannot be read, decoding tells why. */
async function firstPictureSeconds({ ffmpeg, source, signal }: SeekOptions, seek: number): Promise<number> {
  const times = ["-copyts", "-start_at_zero", "-noaccurate_seek", "-ss", seek.toFixed(6)];
  const input = ["-nostdin", "-v", "error", ...times, ...inputGuards, "-i", inputUrl(source.path)];
  const packet = ["-map", `0:${source.videoIndex}`, "-c", "copy", "-frames:v", "1", "-f", "framecrc", "-"];
  const { stdout } = await readProgram(ffmpeg, [...input, ...packet], { signal });
  const [, num = "", den = ""] = /^#tb 0: (\d+)\/(\d+)/m.exec(stdout) ?? [];
  const [, pts = ""] = /^0, *-?\d+, *(-?\d+),/m.exec(stdout) ?? [];
  const seconds = (Number(pts) * Number(num)) / Number(den);
  return Number.isFinite(seconds) ? seconds : 0;
}
