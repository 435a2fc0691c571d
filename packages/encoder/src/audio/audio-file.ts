import { basename, resolve } from "node:path";
import { EncoderError, type Warning } from "../errors.ts";
import { requireLanguage } from "../plan/languages.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { audioInputGuards, inputUrl } from "../programs/input-guards.ts";
import { maxChannels } from "../source/admit.ts";
import { measureExtent } from "../source/extent.ts";
import { hashFile } from "../source/hash-file.ts";
import { parseJson, requireFile } from "../source/probe.ts";
import { type AudioStream, parseAudio } from "../source/tracks.ts";
import type { AudioRole } from "./audio-role.ts";

/** Sound that lies beside the master, in a file of its own or as a track of any. */
export interface AudioFileOption {
  language: string;
  /** `main` unless it says otherwise. */
  role?: AudioRole | undefined;
  path: string;
  /** Of the file's sound tracks, from 1; the first unless it says otherwise. */
  track?: number | undefined;
}

/** One that was read and checked. Its first sample sounds with the film's first picture. */
export interface AudioFile {
  path: string;
  sizeBytes: number;
  modifiedMs: number;
  sha256: string;
  language: string;
  role: AudioRole;
  stream: AudioStream;
  durationSeconds: number;
  warnings: Warning[];
}

const hint = "Give sound as WAV, FLAC, M4A, MKA or another file that ffmpeg reads, with at most 8 channels.";

/** Reads what the files are, not yet whether each sample can be decoded. Throws `audio_file_*`, `audio_duplicate_track`, `language_not_valid`. */
export async function readAudioFiles(
  ffprobe: string,
  options: readonly AudioFileOption[],
  signal?: AbortSignal,
): Promise<AudioFile[]> {
  const files: AudioFile[] = [];
  for (const option of options) {
    const file = await readAudioFile(ffprobe, option, signal);
    if (files.some(({ language, role }) => language === file.language && role === file.role)) {
      throw new EncoderError("audio_duplicate_track", {
        message: `Two sound files are given for ${file.language} (${file.role}).`,
        hint: "Give one file for each language and role, such as fr, fr:commentary and fr:description.",
      });
    }
    files.push(file);
  }
  return files;
}

async function readAudioFile(
  ffprobe: string,
  option: AudioFileOption,
  signal?: AbortSignal,
): Promise<AudioFile> {
  const [language, path] = [requireLanguage(option.language), resolve(option.path)];
  const file = await requireAudioFile(path);
  const { tracks, durationSeconds } = await readTracks(ffprobe, path, signal);
  const stream = tracks[(option.track ?? 1) - 1];
  if (!stream) throw notValid(path, `it has ${tracks.length} sound track(s)`);
  if (stream.channels < 1 || stream.channels > maxChannels)
    throw notValid(path, `it has ${stream.channels} channels`);
  if (stream.codec === "unknown") throw notValid(path, "its codec is not known");
  const extent = await measureExtent(
    ffprobe,
    { path, durationSeconds, video: stream },
    signal,
    audioInputGuards,
  );
  const { videoEndSeconds: end } = extent;
  if (end === 0) throw notValid(path, "it holds no sound");
  // A container without lengths of its tracks promises that of the longest.
  const promised = stream.durationSeconds ?? durationSeconds ?? 0;
  const found = stream.durationSeconds === null ? extent.endSeconds : end;
  if (promised - found > Math.max(1, promised * 0.02)) {
    const said = `it says that it lasts ${promised.toFixed(1)} s, but its data ends at ${found.toFixed(1)} s`;
    throw notValid(path, said);
  }
  return {
    path,
    ...file,
    sha256: await hashFile(path, signal),
    language,
    role: option.role ?? "main",
    stream,
    durationSeconds: end,
    warnings: option.track === undefined && tracks.length > 1 ? [firstOfMany(path, tracks.length)] : [],
  };
}

async function requireAudioFile(path: string): Promise<Pick<AudioFile, "sizeBytes" | "modifiedMs">> {
  return requireFile(path).catch((error: unknown) => {
    if (!(error instanceof EncoderError)) throw error;
    if (error.code !== "file_not_found") throw notValid(path, error.message);
    throw new EncoderError("audio_file_not_found", { message: error.message, hint: "Check the path." });
  });
}

async function readTracks(ffprobe: string, path: string, signal?: AbortSignal) {
  const shown = ["-v", "error", "-of", "json", "-show_format", "-show_streams"];
  const args = [...audioInputGuards, ...shown, "-i", inputUrl(path)];
  const { exitCode, stdout } = await readProgram(ffprobe, args, { signal });
  const output = exitCode === 0 ? parseJson(stdout) : null;
  if (!output) throw notValid(path, "it is no sound file, or refers to other files");
  const audio = output.list("streams").filter((stream) => stream.text("codec_type") === "audio");
  return {
    tracks: audio.map(parseAudio),
    durationSeconds: output.object("format").number("duration") ?? null,
  };
}

function firstOfMany(path: string, count: number): Warning {
  return {
    code: "audio_track_ignored",
    message: `${basename(path)} has ${count} sound tracks; its first is used. Another is chosen as ${basename(path)}#2.`,
  };
}

export function notValid(path: string, reason: string): EncoderError {
  const message = `The sound file ${path} is not valid: ${reason}.`;
  return new EncoderError("audio_file_not_valid", { message, hint });
}
