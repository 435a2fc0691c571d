import type { VideoEncoders, VideoRendition } from "./video-rendition.ts";
import type { AdmittedSource } from "../source/admit.ts";
import type { Warning } from "../errors.ts";
import { type FrameRate, fps, gopFrames, gopSeconds } from "./frame-rate.ts";
import type { PictureSize } from "./ladder.ts";
import type { LadderPlan } from "./ladder-plan.ts";
import { type PicturePlan, planPicture } from "./picture-plan.ts";
import { planVideo, type VideoOptions } from "./plan-video.ts";
import type { AudioFile } from "../audio/audio-file.ts";
import { type BurnedSubtitle, type BurnOptions, planBurn } from "../burn/burned-subtitle.ts";
import type { LoudnessTarget } from "../audio/loudness.ts";
import { type AudioRendition, planAudio } from "../audio/plan-audio.ts";
import { planText, type TextRendition } from "../text/plan-text.ts";
import {
  planProtection,
  type ProtectionOptions,
  type ProtectionPlan,
} from "../protection/protection-plan.ts";
import type { Subtitle } from "../text/subtitles.ts";
import { planThumbnails, type ThumbnailPlan } from "../pictures/thumbnails.ts";

/** Everything that decides the bytes of the package. Two equal plans of one source give the same package. */
export interface Plan {
  /** Raised when the same plan begins to give other bytes. */
  version: 2;
  frameRate: FrameRate;
  expectedFrames: number;
  gopFrames: number;
  gopSeconds: number;
  segmentFrames: number;
  segmentSeconds: number;
  videoIndex: number;
  ladder: LadderPlan;
  picture: PicturePlan;
  video: VideoRendition[];
  audio: AudioRendition[];
  /** What all sound is brought to; null leaves it as it is. */
  loudness: LoudnessTarget | null;
  text: TextRendition[];
  thumbnails: ThumbnailPlan;
  poster: PictureSize;
  /** Absent where nothing is burned into the pictures. */
  burnedSubtitle?: BurnedSubtitle;
  /** Absent where the package stays clear. */
  protection?: ProtectionPlan;
  /** Damage is encoded as it is shown, not refused. Absent where it is refused. */
  tolerateErrors?: true;
}

export interface PlanOptions extends VideoOptions, BurnOptions, ProtectionOptions {
  /** Of the sound, where the file does not say. */
  language?: string | undefined;
  /** LKFS; -24 unless it says otherwise. */
  loudness?: LoudnessTarget | "off" | undefined;
  /** Encodes a damaged or cut master, and reports what of it is lost. */
  tolerateErrors?: boolean | undefined;
}

/** What lies beside the master. */
export interface Sidecars {
  subtitles: readonly Subtitle[];
  audioFiles: readonly AudioFile[];
}

/** Both are multiples of one another at every frame rate, so a segment always begins with a GOP. */
const gopsPerSegment = 2;
/** What viewers notice first of a catalogue is that one film is louder than the next. */
const defaultLoudness: LoudnessTarget = -24;

export function planEncode(
  source: AdmittedSource,
  sidecars: Sidecars,
  options: PlanOptions = {},
  encoders?: VideoEncoders,
): { plan: Plan; warnings: Warning[] } {
  const { video, frameRate } = source;
  const shown = { width: video.displayWidth, height: video.displayHeight };
  const film = { shown, framesPerSecond: fps(frameRate), dynamicRange: video.dynamicRange };
  const pictures = planVideo(film, options, encoders);
  const expectedFrames = Math.max(1, Math.round(source.videoSeconds * fps(frameRate)));
  const audio = planAudio({
    tracks: source.audio,
    files: sidecars.audioFiles,
    language: options.language,
    filmSeconds: expectedFrames / fps(frameRate),
  });
  const { language } = options;
  const burnedSubtitle = planBurn(options, {
    subtitles: source.subtitles,
    video: pictures.renditions,
    language,
  });
  const text = planText({ source, subtitles: sidecars.subtitles, language, burnedSubtitle });
  const protection = planProtection(options);
  const [best] = pictures.renditions;
  const plan: Plan = {
    version: 2,
    frameRate,
    expectedFrames,
    gopFrames: gopFrames(frameRate),
    gopSeconds: gopSeconds(frameRate),
    segmentFrames: gopFrames(frameRate) * gopsPerSegment,
    segmentSeconds: gopSeconds(frameRate) * gopsPerSegment,
    videoIndex: video.index,
    ladder: { from: typeof options.ladder === "object" ? "file" : "fixed" },
    picture: planPicture(source),
    video: pictures.renditions,
    audio: audio.renditions,
    loudness: options.loudness === "off" ? null : (options.loudness ?? defaultLoudness),
    text: text.renditions,
    thumbnails: planThumbnails(shown, source.videoSeconds, frameRate),
    poster: best ? { width: best.width, height: best.height } : shown,
    ...(burnedSubtitle && { burnedSubtitle }),
    ...(protection && { protection }),
    ...(options.tolerateErrors && { tolerateErrors: true }),
  };
  return { plan, warnings: [...source.warnings, ...pictures.warnings, ...audio.warnings, ...text.warnings] };
}
