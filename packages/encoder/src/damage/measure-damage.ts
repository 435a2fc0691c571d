import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { EncoderError } from "../errors.ts";
import { type FfmpegInput, runFfmpeg } from "../programs/ffmpeg.ts";
import { createDecodeReader, type DecodedFilm, isComplaint, parseFrameTimes } from "./decoded-film.ts";
import { type Cadence, findLostPictures, type LostPictures, silentSecondsOf } from "./damage.ts";

interface MeasureOptions {
  ffmpeg: string;
  /** What the pictures are encoded from; `stream` is where they are in it. */
  film: FfmpegInput & { stream: number };
  sound: readonly (FfmpegInput & { streams: readonly number[] })[];
  cadence: Cadence;
  /** Of the renditions; what has a later time, a damaged one mostly, is not in them. */
  filmSeconds: number;
  /** The container lists every picture: where no program complains, none is lost. */
  listsPictures: boolean;
  /** Holds what is decoded meanwhile. */
  folder: string;
  signal?: AbortSignal | undefined;
}

export interface MeasuredDamage {
  pictures: LostPictures;
  silentSeconds: number;
}

/**
 * Decodes the film twice, as the encoder does and strictly: 2 x 4.5 CPU-s for 30 s of 1080p, whose fixed ladder takes 87. On one thread, because the
 * order of the log counts.
 */
export async function measureDamage(options: MeasureOptions): Promise<MeasuredDamage> {
  const film = await decodeFilm(options);
  const strict = await decodeStrictly(options);
  const pictures = findLostPictures(film, strict.pictures, options.cadence);
  const sound = await listenStrictly(options);
  const isWhole = options.listsPictures && film.complaints + strict.complaints + sound.complaints === 0;
  if (isWhole) return { pictures: { ...pictures, damaged: [], missing: [] }, silentSeconds: 0 };
  return { pictures, silentSeconds: sound.silentSeconds };
}

/** Times count from the film's start. An ffmpeg gives up by itself where most of what it read is damaged. */
const reading = "-copyts -start_at_zero -max_error_rate 1 -threads 1".split(" ");

async function decodeFilm({
  ffmpeg,
  film,
  filmSeconds,
  folder,
  signal,
}: MeasureOptions): Promise<DecodedFilm> {
  const reader = createDecodeReader(filmSeconds);
  const told = ["-loglevel", "level+info", "-debug_ts"];
  const input = { path: film.path, options: [...reading, ...told, ...film.options] };
  const options = ["-map", `0:${film.stream}`, "-fps_mode", "passthrough", "-f", "null"];
  const job = { program: ffmpeg, folder, input, outputs: [{ path: "-", options }] };
  await runFfmpeg(job, { signal, onLog: (line) => reader.push(line) });
  return reader.read();
}

interface Strict {
  pictures: number[];
  complaints: number;
}

async function decodeStrictly({ ffmpeg, film, folder, signal }: MeasureOptions): Promise<Strict> {
  const options = `-map 0:${film.stream} -fps_mode passthrough -enc_time_base -1 -c:v wrapped_avframe`.split(
    " ",
  );
  const input = { path: film.path, options: [...reading, "-err_detect:v", "explode", ...film.options] };
  const { frames, complaints } = await listFrames({ ffmpeg, folder, signal, input, outputs: [options] });
  return { pictures: (frames[0] ?? []).map(({ start }) => start), complaints };
}

async function listenStrictly({ ffmpeg, sound, filmSeconds, folder, signal }: MeasureOptions) {
  let [silentSeconds, complaints] = [0, 0];
  for (const { path, options, streams } of sound) {
    const input = { path, options: [...reading, "-err_detect:a", "explode", ...options] };
    const outputs = streams.map((stream) => ["-map", `0:${stream}`, "-c:a", "pcm_s16le"]);
    const heard = await listFrames({ ffmpeg, folder, signal, input, outputs });
    complaints += heard.complaints;
    const inTime = heard.frames.map((frames) => frames.filter(({ start }) => start < filmSeconds));
    silentSeconds += inTime.reduce((sum, frames) => sum + silentSecondsOf(frames), 0);
  }
  return { silentSeconds, complaints };
}

interface ListOptions extends Pick<MeasureOptions, "ffmpeg" | "folder" | "signal"> {
  input: FfmpegInput;
  outputs: readonly (readonly string[])[];
}

/** When the frames of each output come and how long they last. Of a stream that cannot be decoded at all ffmpeg makes an error; it has none. */
async function listFrames({ ffmpeg, folder, signal, input, outputs }: ListOptions) {
  const files = outputs.map((_, index) => `frames-${index}.txt`);
  const lists = outputs.map((options, index) => ({
    path: files[index] ?? "",
    options: [...options, "-f", "framecrc"],
  }));
  let complaints = 0;
  const onLog = (line: string): void => {
    if (isComplaint(line)) complaints += 1;
  };
  try {
    await runFfmpeg({ program: ffmpeg, folder, input, outputs: lists }, { signal, onLog });
  } catch (error) {
    const isDamage = error instanceof EncoderError && ["corrupt", "truncated"].includes(error.code);
    if (!isDamage) throw error;
  }
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8").catch(() => "")));
  for (const file of files) await rm(join(folder, file), { force: true });
  return { frames: texts.map(parseFrameTimes), complaints };
}
