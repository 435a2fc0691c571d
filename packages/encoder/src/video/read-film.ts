import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EncoderError } from "../errors.ts";
import type { FfmpegInput } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import { cutWithoutLeadingPictures } from "./leading-pictures.ts";
import { seekToPicture } from "./seek-to-picture.ts";

interface ReadFilmOptions {
  ffmpeg: string;
  source: IndexedSource;
  /** What is wanted begins a preroll after this; 0 is the film's start. */
  seekSeconds: number;
  /** The master's codec, for what is special about seeking in it. */
  sourceCodec: string;
  /** Pictures that cannot be decoded are left out, those that can in part are shown. */
  tolerateErrors?: boolean | undefined;
  /** For a copy, where one has to be made. */
  folder: string;
  signal?: AbortSignal | undefined;
}

/**
 * Decoding begins earlier than what is wanted: deinterlacing looks at neighbours, and in a film with uneven times the frame that is shown at the
 * beginning came before it.
 */
export const prerollSeconds = 1;

/** Runs a job on the film from a time on: with ffmpeg's input for it, and the name of its pictures in a filter graph. */
export async function readFilm<T>(
  options: ReadFilmOptions,
  run: (input: FfmpegInput, pictures: string) => Promise<T>,
): Promise<T> {
  const { ffmpeg, source, sourceCodec, folder, signal } = options;
  const shownSeconds = options.seekSeconds + prerollSeconds;
  const seekSeconds = options.seekSeconds > 0 ? await seekToPicture({ ...options, shownSeconds }) : 0;
  try {
    const seek = seekSeconds > 0 ? ["-noaccurate_seek", "-ss", seekSeconds.toFixed(6)] : [];
    const strictness = options.tolerateErrors ? tolerant : strict;
    const reading = [...strictness, ...decoding, "-start_at_zero", ...seek, ...inputGuards];
    return await run({ path: inputUrl(source.path), options: reading }, `[0:${source.videoIndex}]`);
  } catch (error) {
    const isDamage = error instanceof EncoderError && error.code === "corrupt";
    if (options.tolerateErrors || !isDamage || seekSeconds === 0 || sourceCodec !== "h264") throw error;
    const cut = "source.nut";
    const path = join(folder, cut);
    await cutWithoutLeadingPictures({ ffmpeg, source, seekSeconds, cut: path, signal });
    const reading = [...strict, ...decoding, "-protocol_whitelist", "file", "-f", "nut"];
    const result = await run({ path: cut, options: reading }, "[0:0]");
    await rm(path);
    return result;
  }
}

/** ffmpeg exits 0 on corrupt input unless it is told both. */
const strict = "-xerror -err_detect explode".split(" ");
/** It gives up by itself where most of what it read was damaged. */
const tolerant = "-max_error_rate 1".split(" ");

/** Times stay the film's own, counted from its start. Turning, and what a change of the picture's size in the middle means, is left to the filters. */
const decoding: readonly string[] = "-copyts -threads 1 -noautorotate -reinit_filter 0".split(" ");
