import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { EncoderError, systemErrorCode } from "../errors.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { type FrameRate, isVariable, parseFrameRate } from "../plan/frame-rate.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import { type JsonFields, jsonFields } from "../json-fields.ts";
import { type AudioStream, parseAudio, parseSubtitle, type SubtitleStream } from "./tracks.ts";
import { pictureDelay } from "./picture-delay.ts";
import { explainUnreadable } from "./unreadable.ts";

/** A master file as ffprobe sees it, with every field parsed. */
export interface Source {
  path: string;
  sizeBytes: number;
  modifiedMs: number;
  container: string;
  /** As the container says; null where it does not. */
  durationSeconds: number | null;
  bitrateBps: number | null;
  streamCount: number;
  /** From the film's zero to its first picture. */
  pictureDelaySeconds: number;
  video: VideoStream;
  audio: AudioStream[];
  subtitles: SubtitleStream[];
}

export interface VideoStream {
  index: number;
  codec: string;
  /** As coded. */
  width: number;
  height: number;
  /** As shown: after rotation and with square pixels. */
  displayWidth: number;
  displayHeight: number;
  rotation: number;
  averageFrameRate: FrameRate;
  realFrameRate: FrameRate;
  variableFrameRate: boolean;
  pixelFormat: string | null;
  interlaced: boolean;
  colorTransfer: string | null;
  durationSeconds: number | null;
  bitrateBps: number | null;
}

/** Reads what a file is. Throws `file_not_found`, `not_a_file`, `empty_file`, `not_media`, `format_not_allowed`, `truncated`, `no_video`. */
export async function probe(ffprobe: string, input: string, signal?: AbortSignal): Promise<Source> {
  const path = resolve(input);
  const file = await requireFile(path);
  const result = await readProgram(
    ffprobe,
    [...inputGuards, "-v", "error", "-of", "json", "-show_format", "-show_streams", "-i", inputUrl(path)],
    { signal },
  );
  if (result.exitCode === null) {
    throw new EncoderError("program_not_usable", {
      message: `ffprobe crashed while it read ${path}.`,
      hint: "Name another build of it with FLIX_FFPROBE.",
    });
  }
  const output = result.exitCode === 0 ? parseJson(result.stdout) : null;
  if (output === null) throw await explainUnreadable(path, result.stderr);
  return parseSource(output, { path, ...file });
}

export async function requireFile(path: string): Promise<Pick<Source, "sizeBytes" | "modifiedMs">> {
  const found = await stat(path).catch((error: unknown) => {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new EncoderError("file_not_readable", {
      message: `${path} cannot be read (${code ?? "unknown reason"}).`,
      hint: "Check the permissions of the file and of its folders.",
      cause: error,
    });
  });
  if (!found) {
    throw new EncoderError("file_not_found", {
      message: `There is no file ${path}.`,
      hint: "Check the path.",
    });
  }
  if (!found.isFile()) {
    throw new EncoderError("not_a_file", {
      message: `${path} is not a regular file.`,
      hint: "Name one film file, not a folder, pipe or device.",
    });
  }
  if (found.size === 0) {
    throw new EncoderError("empty_file", { message: `${path} is empty.`, hint: "Copy the master again." });
  }
  return { sizeBytes: found.size, modifiedMs: found.mtimeMs };
}

export function parseJson(text: string): JsonFields | null {
  try {
    return jsonFields(JSON.parse(text));
  } catch {
    return null;
  }
}

export function parseSource(
  output: JsonFields,
  file: Pick<Source, "path" | "sizeBytes" | "modifiedMs">,
): Source {
  const format = output.object("format");
  const streams = output.list("streams");
  const ofType = (type: string): JsonFields[] =>
    streams.filter((stream) => stream.text("codec_type") === type);
  // A cover picture is a video stream to ffprobe, and no film.
  const video = ofType("video").find((stream) => stream.object("disposition").number("attached_pic") !== 1);
  if (!video) {
    throw new EncoderError("no_video", {
      message: `${file.path} holds no video.`,
      hint: "Give the film's master; a sound track alone cannot be published.",
    });
  }
  const container = (format.text("format_name") ?? "unknown").split(",")[0] ?? "unknown";
  return {
    ...file,
    container,
    durationSeconds: positive(format.number("duration")),
    bitrateBps: positive(format.number("bit_rate")),
    streamCount: streams.length,
    pictureDelaySeconds: pictureDelay(container, format, streams, video),
    video: parseVideo(video),
    audio: ofType("audio").map(parseAudio),
    subtitles: ofType("subtitle").map(parseSubtitle),
  };
}

function parseVideo(stream: JsonFields): VideoStream {
  const [width, height] = [stream.number("width") ?? 0, stream.number("height") ?? 0];
  const rotation = rotationOf(stream);
  const shown = displaySize({ width, height }, stream.text("sample_aspect_ratio"), rotation);
  const average = parseFrameRate(stream.text("avg_frame_rate"));
  const real = parseFrameRate(stream.text("r_frame_rate"));
  // A single-frame stream has no average; 25 then only sets how long that frame stands.
  const averageFrameRate = average ?? real ?? { num: 25, den: 1 };
  const realFrameRate = real ?? averageFrameRate;
  return {
    index: stream.number("index") ?? 0,
    codec: stream.text("codec_name") ?? "unknown",
    width,
    height,
    displayWidth: shown.width,
    displayHeight: shown.height,
    rotation,
    averageFrameRate,
    realFrameRate,
    variableFrameRate: isVariable(averageFrameRate, realFrameRate),
    pixelFormat: stream.text("pix_fmt") ?? null,
    interlaced: ["tt", "bb", "tb", "bt"].includes(stream.text("field_order") ?? ""),
    colorTransfer: stream.text("color_transfer") ?? null,
    durationSeconds: positive(stream.number("duration")),
    bitrateBps: positive(stream.number("bit_rate")),
  };
}

/** ffmpeg turns frames by the display matrix (older files: a `rotate` tag) before any filter sees them. */
function rotationOf(stream: JsonFields): number {
  const matrix = stream.list("side_data_list").find((data) => data.number("rotation") !== undefined);
  const degrees = matrix?.number("rotation") ?? stream.object("tags").number("rotate") ?? 0;
  return ((Math.round(degrees) % 360) + 360) % 360;
}

export function displaySize(
  coded: { width: number; height: number },
  sampleAspectRatio: string | undefined,
  rotation: number,
): { width: number; height: number } {
  const [sarWidth = 1, sarHeight = 1] = (sampleAspectRatio ?? "1:1").split(":").map(Number);
  const stretch = sarWidth > 0 && sarHeight > 0 ? sarWidth / sarHeight : 1;
  const square = { width: Math.round(coded.width * stretch), height: coded.height };
  return rotation % 180 === 90 ? { width: square.height, height: square.width } : square;
}

function positive(value: number | undefined): number | null {
  return value !== undefined && value > 0 ? value : null;
}
