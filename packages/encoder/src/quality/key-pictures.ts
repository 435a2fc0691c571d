import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import type { KeyPicture } from "./samples.ts";

interface KeyPictureOptions {
  ffmpeg: string;
  source: IndexedSource;
  folder: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((seconds: number) => void) | undefined;
}

const list = "key-pictures.txt";

/**
 * Decodes the key pictures alone, small, and compares each with the one before it. Encoders put one where a scene begins; of a master that
 * has nothing else every picture is decoded, at a few percent of what its encode takes.
 */
export async function readKeyPictures(options: KeyPictureOptions): Promise<KeyPicture[]> {
  const { ffmpeg, source, folder, signal, onProgress } = options;
  const filter = `scale=160:-2:flags=fast_bilinear,scdet,metadata=print:key=lavfi.scd.mafd:file=${list}`;
  // It gives up by itself where most of them are damaged; whether that is tolerated is seen where they are encoded.
  const once = ["-copyts", "-start_at_zero", "-skip_frame", "nokey", "-max_error_rate", "1"];
  await runFfmpeg(
    {
      program: ffmpeg,
      folder,
      input: { path: inputUrl(source.path), options: [...once, ...inputGuards] },
      outputs: [
        {
          path: "-",
          options: [
            "-map",
            `0:${source.videoIndex}`,
            "-vf",
            filter,
            "-fps_mode",
            "passthrough",
            "-f",
            "null",
          ],
        },
      ],
    },
    { signal, onProgress: ({ outTimeSeconds }) => onProgress?.(outTimeSeconds) },
  );
  const text = await readFile(join(folder, list), "utf8");
  await rm(join(folder, list));
  return parseKeyPictures(text);
}

/** Two lines a picture: `frame:1 pts:128 pts_time:10.4`, `lavfi.scd.mafd=25.4`: the mean difference of all pixels, in percent. */
export function parseKeyPictures(text: string): KeyPicture[] {
  return [...text.matchAll(/pts_time:([\d.]+)\s+lavfi\.scd\.mafd=([\d.]+)/g)].map(
    ([, seconds, difference]) => ({
      seconds: Number(seconds),
      change: Number(difference),
    }),
  );
}
