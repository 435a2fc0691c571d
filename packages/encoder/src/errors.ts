/** Every code that the encoder can answer; they never change meaning, scripts match on them. */
export const encoderErrorCodes = [
  // the file
  "file_not_found",
  "not_a_file",
  "file_not_readable",
  "empty_file",
  "source_changed",
  // where it comes from
  "url_not_valid",
  "url_not_allowed",
  "too_many_redirects",
  "source_not_found",
  "source_denied",
  "source_wrong_region",
  "source_archived",
  "source_unreachable",
  "source_not_valid",
  "source_too_large",
  "checksum_mismatch",
  // what is in it
  "not_media",
  "format_not_allowed",
  "no_video",
  "truncated",
  "corrupt",
  "duration_unknown",
  "too_long",
  "too_many_pixels",
  "too_small",
  "too_many_streams",
  "too_many_channels",
  "codec_not_supported",
  "dolby_vision_not_supported",
  // the sidecars and options
  "subtitle_not_found",
  "subtitle_empty",
  "subtitle_too_large",
  "subtitle_not_utf8",
  "subtitle_not_valid",
  "subtitle_duplicate_language",
  "subtitle_track_not_found",
  "subtitle_track_is_text",
  "burn_not_in_hdr",
  "audio_file_not_found",
  "audio_file_not_valid",
  "audio_duplicate_track",
  "language_not_valid",
  "ladder_not_valid",
  "marker_not_valid",
  "marker_kind_repeated",
  "marker_end_missing",
  "marker_empty",
  "marker_beyond_end",
  "markers_overlap",
  // the machine
  "program_not_found",
  "program_not_usable",
  "capability_missing",
  "hardware_not_available",
  "no_space",
  "no_memory",
  "work_in_use",
  "work_not_writable",
  "setting_not_valid",
  // the store of chunks
  "store_not_found",
  "store_denied",
  "store_wrong_region",
  "store_archived",
  "store_unreachable",
  "store_not_valid",
  // the run
  "stalled",
  "ffmpeg_failed",
  "packager_failed",
  "verify_failed",
  "upload_failed",
  "cancelled",
  // the keys of a package that is encrypted
  "protection_not_valid",
  "key_set_not_valid",
  "key_server_refused",
  "key_server_unreachable",
  "key_server_not_valid",
  // the broker and its workers
  "broker_not_valid",
  "broker_unreachable",
  "worker_lost",
] as const;
export type EncoderErrorCode = (typeof encoderErrorCodes)[number];

/** Codes that are only worth a word: the package is made nevertheless. */
export type EncoderWarningCode =
  | "analysis_skipped"
  | "rendition_dropped"
  | "vmaf_not_available"
  | "source_not_read"
  | "source_truncated"
  | "frames_lost"
  | "audio_track_ignored"
  | "audio_longer_than_video"
  | "no_audio"
  | "audio_file_shorter"
  | "audio_file_longer"
  | "loudness_not_measurable"
  | "loudness_limited"
  | "subtitle_track_ignored"
  | "subtitle_beyond_end"
  | "subtitle_encoding_guessed"
  | "subtitle_style_dropped"
  | "subtitle_cue_dropped"
  | "subtitle_language_differs"
  | "subtitle_track_empty"
  | "bitmap_subtitle_ignored"
  | "burned_here"
  | "variable_frame_rate"
  | "frame_rate_halved"
  | "interlaced"
  | "telecined"
  | "turned"
  | "pixels_not_square"
  | "odd_size_cropped"
  | "alpha_flattened"
  | "color_converted"
  | "tone_mapped"
  | "dolby_vision_base_layer"
  | "hdr_not_in_master"
  | "picture_too_small_for_codec"
  | "hardware_not_found"
  | "poster_flat"
  | "begins_black"
  | "store_not_reached";

export interface Warning {
  code: EncoderWarningCode;
  message: string;
}

interface Details {
  message: string;
  /** What to do next, as a sentence to an operator. */
  hint: string;
  /** Where in the film, when that is known. */
  atSeconds?: number;
  cause?: unknown;
}

/** The only error that the encoder throws on purpose. */
export class EncoderError extends Error {
  override readonly name = "EncoderError";
  readonly code: EncoderErrorCode;
  readonly hint: string;
  readonly atSeconds: number | undefined;

  constructor(code: EncoderErrorCode, { message, hint, atSeconds, cause }: Details) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
    this.atSeconds = atSeconds;
  }
}

/** Throws `cancelled` once the caller's signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

export function cancelled(): EncoderError {
  return new EncoderError("cancelled", {
    message: "The ingest was cancelled.",
    hint: "Nothing was published. Run the same command again to start over.",
  });
}

/** The `code` of a system error (ENOENT, ENOSPC ...), if it is one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export function noSpace(folder: string, neededBytes?: number): EncoderError {
  const need = neededBytes === undefined ? "" : ` About ${formatBytes(neededBytes)} are needed.`;
  return new EncoderError("no_space", {
    message: `The disk that holds ${folder} is full.${need}`,
    hint: "Free some space or choose a work folder on a larger disk, then run the same command again.",
  });
}

export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
