import { EncoderError, type EncoderErrorCode, type Warning } from "../errors.ts";
import { type Extent, measureExtent } from "./extent.ts";
import { fps, outputFrameRate } from "../plan/frame-rate.ts";
import { maxPixels, maxStreams } from "../programs/input-guards.ts";
import type { Source } from "./probe.ts";

/** A source that may be encoded, with the durations that its data has. */
export interface AdmittedSource extends Source {
  durationSeconds: number;
  videoSeconds: number;
  warnings: Warning[];
}

const maxSeconds = 24 * 3600;
export const maxChannels = 8;
const minSide = 16;
/** Players and muxers round; a file is cut only when more than this is missing. */
const missingTolerance = { seconds: 1, share: 0.02 };

/** Refuses what cannot or must not be encoded, before anything is decoded; the cheap checks first. */
export async function admit(ffprobe: string, source: Source, signal?: AbortSignal): Promise<AdmittedSource> {
  const problem = problemsOf(source)[0];
  if (problem) throw problem;
  const extent = await measureExtent(ffprobe, source, signal);
  const late = problemsOfExtent(source, extent)[0];
  if (late) throw late;
  return {
    ...source,
    durationSeconds: extent.endSeconds,
    videoSeconds: extent.videoEndSeconds,
    warnings: warningsOf(source, extent),
  };
}

interface Rule {
  code: EncoderErrorCode;
  broken(source: Source): boolean;
  message(source: Source): string;
  hint: string;
}

const rules: readonly Rule[] = [
  {
    code: "too_many_streams",
    broken: (source) => source.streamCount > maxStreams,
    message: (source) => `The file has ${source.streamCount} streams; at most ${maxStreams} are accepted.`,
    hint: "Remux the master with the tracks that are to be published.",
  },
  {
    code: "too_many_pixels",
    broken: ({ video }) =>
      Math.max(video.width * video.height, video.displayWidth * video.displayHeight) > maxPixels,
    message: ({ video }) =>
      `The picture is ${video.width}x${video.height}; at most 8192x4320 pixels are accepted.`,
    hint: "Scale the master down first.",
  },
  {
    code: "too_small",
    broken: ({ video }) => Math.min(video.displayWidth, video.displayHeight) < minSide,
    message: ({ video }) =>
      `The picture is ${video.width}x${video.height}; a side needs at least ${minSide} pixels.`,
    hint: "Give the film's master instead of a thumbnail.",
  },
  {
    code: "too_long",
    broken: (source) => Math.max(source.durationSeconds ?? 0, source.video.durationSeconds ?? 0) > maxSeconds,
    message: (source) =>
      `The film says that it lasts ${Math.round((source.durationSeconds ?? 0) / 3600)} hours; at most 24 are accepted.`,
    hint: "Cut the master into parts, or remux it if its duration is wrong.",
  },
  {
    code: "too_many_channels",
    broken: ({ audio }) => audio.some(({ channels }) => channels > maxChannels),
    message: () => `A sound track has more than ${maxChannels} channels.`,
    hint: "Mix it down to 7.1, 5.1 or stereo first.",
  },
  {
    code: "codec_not_supported",
    broken: ({ video, audio }) => video.codec === "unknown" || audio.some(({ codec }) => codec === "unknown"),
    message: () => "The codec of a track is not known.",
    hint: "Transcode the master to ProRes or H.264 with PCM or AAC sound first.",
  },
  {
    code: "hdr_not_supported",
    broken: ({ video }) => ["smpte2084", "arib-std-b67"].includes(video.colorTransfer ?? ""),
    message: ({ video }) =>
      `The master is HDR (${video.colorTransfer === "smpte2084" ? "PQ" : "HLG"}); its colours would come out grey.`,
    hint: "Give the SDR (BT.709) master.",
  },
];

export function problemsOf(source: Source): EncoderError[] {
  return rules
    .filter((rule) => rule.broken(source))
    .map((rule) => new EncoderError(rule.code, { message: rule.message(source), hint: rule.hint }));
}

export function problemsOfExtent(source: Source, extent: Extent): EncoderError[] {
  const promised = Math.max(source.durationSeconds ?? 0, source.video.durationSeconds ?? 0);
  const tolerated = Math.max(missingTolerance.seconds, promised * missingTolerance.share);
  if (promised - extent.endSeconds > tolerated) {
    return [
      new EncoderError("truncated", {
        message: `The file says that it lasts ${promised.toFixed(1)} s, but its data ends at ${extent.endSeconds.toFixed(1)} s.`,
        hint: "Copy the master again and compare its size with the original.",
        atSeconds: extent.endSeconds,
      }),
    ];
  }
  if (extent.videoEndSeconds > maxSeconds)
    return problemsOf({ ...source, durationSeconds: extent.videoEndSeconds });
  if (extent.videoEndSeconds > 0) return [];
  return [
    new EncoderError("duration_unknown", {
      message: "No frame of the film has a time.",
      hint: "Remux the master into MP4 or MKV first.",
    }),
  ];
}

function warningsOf(source: Source, extent: Extent): Warning[] {
  const { video, audio } = source;
  const output = fps(outputFrameRate(video.averageFrameRate, video.realFrameRate));
  const warnings: (Warning | false)[] = [
    video.variableFrameRate && {
      code: "variable_frame_rate",
      message: `Frames come at uneven times; the renditions get a constant ${output.toFixed(3)} frames a second.`,
    },
    !video.variableFrameRate &&
      fps(video.averageFrameRate) > output * 1.5 && {
        code: "frame_rate_halved",
        message: `${fps(video.averageFrameRate).toFixed(2)} frames a second are brought to ${output.toFixed(2)}.`,
      },
    video.interlaced && {
      code: "interlaced",
      message: "The master is interlaced; it is deinterlaced (bwdif).",
    },
    audio.length === 0 && { code: "no_audio", message: "The film has no sound." },
    extent.endSeconds - extent.videoEndSeconds > 1 && {
      code: "audio_longer_than_video",
      message: `The sound goes on ${(extent.endSeconds - extent.videoEndSeconds).toFixed(1)} s after the last picture.`,
    },
  ];
  return warnings.filter((warning) => warning !== false);
}
