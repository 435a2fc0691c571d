import { EncoderError, type EncoderErrorCode, type Warning } from "../errors.ts";
import { type Extent, measureExtent } from "./extent.ts";
import { type FrameRate, outputFrameRate } from "../plan/frame-rate.ts";
import { maxPixels, maxStreams } from "../programs/input-guards.ts";
import { measureCadence } from "./cadence.ts";
import { hasBaseLayer } from "./dolby-vision.ts";
import { pictureWarnings } from "./picture-warnings.ts";
import type { Source } from "./probe.ts";

/** A source that may be encoded, with the durations that its data has. */
export interface AdmittedSource extends Source {
  durationSeconds: number;
  videoSeconds: number;
  /** Of the renditions. */
  frameRate: FrameRate;
  warnings: Warning[];
}

const maxSeconds = 24 * 3600;
export const maxChannels = 8;
const minSide = 16;
/** Players and muxers round; a file is cut only when more than this is missing. */
const missingTolerance = { seconds: 1, share: 0.02 };

/**
 * Refuses what cannot or must not be encoded, before anything is decoded; the cheap checks first. A film that was cut ends where its data does, where errors
 * are tolerated.
 */
export async function admit(
  ffprobe: string,
  source: Source,
  signal?: AbortSignal,
  { tolerateErrors = false }: { tolerateErrors?: boolean | undefined } = {},
): Promise<AdmittedSource> {
  const problem = problemsOf(source)[0];
  if (problem) throw problem;
  const extent = await measureExtent(ffprobe, source, signal);
  const late = problemsOfExtent(source, extent).find(({ code }) => !(tolerateErrors && code === "truncated"));
  if (late) throw late;
  const { averageFrameRate, realFrameRate, variableFrameRate } = source.video;
  const cadence = variableFrameRate ? await measureCadence(ffprobe, source, signal) : null;
  const frameRate = outputFrameRate(averageFrameRate, realFrameRate, cadence ?? undefined);
  return {
    ...source,
    durationSeconds: extent.endSeconds,
    videoSeconds: extent.videoEndSeconds,
    frameRate,
    warnings: [
      ...(missingSeconds(source, extent) > 0 ? [truncatedWarning(source, extent)] : []),
      ...pictureWarnings(source.video, frameRate),
      ...soundWarnings(source, extent),
    ],
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
    code: "dolby_vision_not_supported",
    broken: ({ video }) => video.dolbyVision !== null && !hasBaseLayer(video.dolbyVision),
    message: ({ video }) =>
      `The master is Dolby Vision of profile ${video.dolbyVision?.profile}, which has no base layer that others could show.`,
    hint: "Export it as HDR10, HLG or SDR, or as Dolby Vision of profile 8.1 or 8.4.",
  },
];

export function problemsOf(source: Source): EncoderError[] {
  return rules
    .filter((rule) => rule.broken(source))
    .map((rule) => new EncoderError(rule.code, { message: rule.message(source), hint: rule.hint }));
}

export function problemsOfExtent(source: Source, extent: Extent): EncoderError[] {
  const problems: EncoderError[] = [];
  if (missingSeconds(source, extent) > 0) {
    problems.push(
      new EncoderError("truncated", {
        message: truncatedText(source, extent),
        hint: "Copy the master again and compare its size with the original, or encode what is there with --tolerate-errors.",
        atSeconds: extent.endSeconds,
      }),
    );
  }
  if (extent.videoEndSeconds > maxSeconds)
    problems.push(...problemsOf({ ...source, durationSeconds: extent.videoEndSeconds }));
  if (extent.videoEndSeconds > 0) return problems;
  return [
    ...problems,
    new EncoderError("duration_unknown", {
      message: "No frame of the film has a time.",
      hint: "Remux the master into MP4 or MKV first.",
    }),
  ];
}

function promisedSeconds({ durationSeconds, video }: Source): number {
  return Math.max(durationSeconds ?? 0, video.durationSeconds ?? 0);
}

/** 0 where it is little enough to be rounding. */
function missingSeconds(source: Source, { endSeconds }: Extent): number {
  const promised = promisedSeconds(source);
  const tolerated = Math.max(missingTolerance.seconds, promised * missingTolerance.share);
  return promised - endSeconds > tolerated ? promised - endSeconds : 0;
}

function truncatedText(source: Source, { endSeconds }: Extent): string {
  return `The file says that it lasts ${promisedSeconds(source).toFixed(1)} s, but its data ends at ${endSeconds.toFixed(1)} s.`;
}

function truncatedWarning(source: Source, extent: Extent): Warning {
  return { code: "source_truncated", message: `${truncatedText(source, extent)} So does the film.` };
}

function soundWarnings({ audio }: Source, { endSeconds, videoEndSeconds }: Extent): Warning[] {
  if (audio.length === 0) return [{ code: "no_audio", message: "The film has no sound." }];
  const longer = endSeconds - videoEndSeconds;
  if (longer <= 1) return [];
  const message = `The sound goes on ${longer.toFixed(1)} s after the last picture.`;
  return [{ code: "audio_longer_than_video", message }];
}
