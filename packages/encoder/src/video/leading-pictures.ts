import { dirname } from "node:path";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { IndexedSource } from "../source/indexed-source.ts";

interface CutOptions {
  ffmpeg: string;
  source: IndexedSource;
  seekSeconds: number;
  /** The file that is made: NUT, with the one stream, in times of the film. */
  cut: string;
  signal?: AbortSignal | undefined;
}

/**
 * In H.264 with open GOPs the pictures that follow a key frame in the file and come before it on the screen refer to the GOP before. After a
 * seek they cannot be decoded, which looks like damage; HEVC and MPEG-2 decoders drop them by themselves. This copies the film from
 * the seek on without them, times as they are. It is done only where decoding failed: real damage fails again.
 */
export async function cutWithoutLeadingPictures(options: CutOptions): Promise<void> {
  const { ffmpeg, source, seekSeconds, cut, signal } = options;
  const seek = ["-copyts", "-start_at_zero", "-ss", seekSeconds.toFixed(6)];
  await runFfmpeg(
    {
      program: ffmpeg,
      folder: dirname(cut),
      input: { path: inputUrl(source.path), options: [...seek, ...inputGuards] },
      outputs: [
        {
          path: cut,
          options: [
            "-map",
            `0:${source.videoIndex}`,
            "-c",
            "copy",
            "-bsf:v",
            "noise=drop=lt(pts\\,startpts)",
            "-f",
            "nut",
          ],
        },
      ],
    },
    { signal },
  );
}
