import { EncoderError, type EncoderErrorCode, noSpace } from "../errors.ts";

interface FfmpegEnd {
  exitCode: number | null;
  stderr: readonly string[];
  folder: string;
  atSeconds?: number | undefined;
}

interface Cause {
  pattern: RegExp;
  code: EncoderErrorCode;
  message: string;
  hint: string;
}

/** What ffmpeg's messages mean, the most telling first. */
const causes: readonly Cause[] = [
  {
    pattern: /Cannot allocate memory|pthread_create\(\) failed|x264 \[error\]: malloc/i,
    code: "no_memory",
    message: "ffmpeg ran out of memory.",
    hint: "Close other programs, or encode on a machine with more memory.",
  },
  {
    pattern: /not on whitelist/i,
    code: "format_not_allowed",
    message: "The file refers to other files or has a container that is not accepted.",
    hint: "Give the film itself, as MP4, MOV, MKV, WebM, MPEG-TS, AVI or MXF.",
  },
  {
    pattern: /exceeds specified max pixel count/i,
    code: "too_many_pixels",
    message: "The picture is larger than the encoder accepts.",
    hint: "Scale the master down to at most 8192x4320.",
  },
  {
    pattern: /no decoder found|decoder .* not found|unknown decoder/i,
    code: "codec_not_supported",
    message: "This ffmpeg cannot decode the master's codec.",
    hint: "Use an ffmpeg with that decoder (FLIX_FFMPEG), or transcode the master to ProRes or H.264 first.",
  },
  {
    pattern: /partial file|moov atom not found|truncat/i,
    code: "truncated",
    message: "The file ends before the film does.",
    hint: "Copy the master again and compare its size and checksum with the original, or encode what is there with --tolerate-errors.",
  },
  {
    pattern:
      /invalid data|corrupt|error while decoding|error submitting packet|concealing|invalid nal|missing reference|invalid argument: .*decod|bitstream|decode_slice/i,
    code: "corrupt",
    message: "The film's data is damaged.",
    hint: "Copy the master again and compare its checksum with the original, or encode it as it is with --tolerate-errors.",
  },
];

/**
 * Says why an ffmpeg failed, or null where it did not. A full disk counts whatever the exit code: ffmpeg was seen to exit 0
 * on one.
 */
export function explainFfmpegFailure({
  exitCode,
  stderr,
  folder,
  atSeconds,
}: FfmpegEnd): EncoderError | null {
  const text = stderr.join("\n");
  if (/No space left on device|Disk quota exceeded/i.test(text)) return noSpace(folder);
  if (exitCode === 0) return null;
  const cause = causes.find(({ pattern }) => pattern.test(text));
  const said = lastErrors(stderr);
  const at = atSeconds === undefined ? {} : { atSeconds };
  if (cause) {
    const where = atSeconds === undefined ? "" : ` Found after ${atSeconds.toFixed(1)} s of film.`;
    return new EncoderError(cause.code, {
      message: `${cause.message}${where}`,
      hint: cause.hint,
      cause: said,
      ...at,
    });
  }
  const end = exitCode === null ? "was ended by a signal" : `failed with exit code ${exitCode}`;
  return new EncoderError("ffmpeg_failed", {
    message: `ffmpeg ${end}: ${said || "it said nothing"}`,
    hint: "Run `flix doctor` to check the programs; if they are well, try another copy of the master.",
    ...at,
  });
}

export function stalled(afterMs: number): EncoderError {
  return new EncoderError("stalled", {
    message: `The program made no progress for ${Math.round(afterMs / 1000)} s and was ended.`,
    hint: "Check that the disk with the master answers, then run the same command again.",
  });
}

function lastErrors(stderr: readonly string[]): string {
  const errors = stderr.filter((line) => /\[(error|fatal|panic)\]/.test(line));
  return (errors.length > 0 ? errors : stderr).slice(-3).join("; ").slice(0, 500);
}
