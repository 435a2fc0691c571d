import { access, constants, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { EncoderError, systemErrorCode } from "../errors.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import { type JsonFields, jsonFields } from "../json-fields.ts";
import { hdrMetadataOf } from "./mastering.ts";
import { type AudioStream, isSubtitle, parseAudio, parseSubtitle, type SubtitleStream } from "./tracks.ts";
import { filmTimes } from "./picture-delay.ts";
import { explainSizeless, explainUnreadable } from "./unreadable.ts";
import { parseVideo, type VideoStream } from "./video-stream.ts";

/** A master file as ffprobe sees it, with every field parsed. */
export interface Source {
  path: string;
  sizeBytes: number;
  modifiedMs: number;
  container: string;
  /** As the container says; null where it does not. */
  durationSeconds: number | null;
  bitrateBps: number | null;
  /** Of the first picture, as the camera or the edit counted (SMPTE ST 12-1): `01:00:00:00`; null where the master has none. */
  startTimecode: string | null;
  streamCount: number;
  /** What the file's own clock says at the film's zero. */
  startSeconds: number;
  /** From the film's zero to its first picture. */
  pictureDelaySeconds: number;
  video: VideoStream;
  audio: AudioStream[];
  subtitles: SubtitleStream[];
}

/** Reads what a file is. Throws `file_not_found`, `not_a_file`, `empty_file`, `not_media`, `format_not_allowed`, `truncated`, `corrupt`, `too_many_pixels`, `too_many_streams`, `no_video`. */
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
  const source = parseSource(output, { path, ...file });
  if (source.video.width === 0) throw explainSizeless(path, result.stderr);
  return withFrameMetadata(ffprobe, source, signal);
}

/** What an HDR master was graded on, or whether it is interlaced, stands in its first picture where the container does not say it. */
async function withFrameMetadata(ffprobe: string, source: Source, signal?: AbortSignal): Promise<Source> {
  const { video, path } = source;
  const isLightKnown = video.dynamicRange === "sdr" || (video.hdr.display && video.hdr.contentLight);
  if (isLightKnown && !video.isFieldOrderUnknown) return source;
  const first = ["-select_streams", String(video.index), "-read_intervals", "%+#1", "-show_frames"];
  const args = [...inputGuards, "-v", "error", ...first, "-of", "json", "-i", inputUrl(path)];
  const { stdout } = await readProgram(ffprobe, args, { signal });
  const frame = parseJson(stdout || "{}")?.list("frames")[0];
  const { display, contentLight } = hdrMetadataOf(frame?.list("side_data_list") ?? []);
  const hdr = { display: video.hdr.display ?? display, contentLight: video.hdr.contentLight ?? contentLight };
  const fields = frame?.number("interlaced_frame") === 1 ? "flagged" : video.fields;
  return { ...source, video: { ...video, hdr, fields } };
}

export async function requireFile(path: string): Promise<Pick<Source, "sizeBytes" | "modifiedMs">> {
  const found = await stat(path).catch((error: unknown) => {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw notReadable(path, error);
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
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw notReadable(path, error);
  });
  return { sizeBytes: found.size, modifiedMs: found.mtimeMs };
}

function notReadable(path: string, error: unknown): EncoderError {
  return new EncoderError("file_not_readable", {
    message: `${path} cannot be read (${systemErrorCode(error) ?? "unknown reason"}).`,
    hint: "Check the permissions of the file and of its folders.",
    cause: error,
  });
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
    startTimecode: timecodeOf([video, ...ofType("data"), format]),
    streamCount: streams.length,
    ...filmTimes(container, format, streams, video),
    video: parseVideo(video),
    audio: ofType("audio").map(parseAudio),
    subtitles: streams.filter(isSubtitle).map(parseSubtitle),
  };
}

/** A track of its own in MOV, which comes along with the pictures' tags; MXF and others have it with the file's. */
function timecodeOf(places: readonly JsonFields[]): string | null {
  return (
    places.map((place) => place.object("tags").text("timecode")).find((text) => text !== undefined) ?? null
  );
}

function positive(value: number | undefined): number | null {
  return value !== undefined && value > 0 ? value : null;
}
