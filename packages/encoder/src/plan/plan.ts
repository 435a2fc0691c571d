import type { AdmittedSource } from "../source/admit.ts";
import type { Warning } from "../errors.ts";
import { type FrameRate, fps, gopFrames, gopSeconds, outputFrameRate } from "./frame-rate.ts";
import { fixedLadder, type LadderStep, type PictureSize, planLadder, requireLadder } from "./ladder.ts";
import { type AudioRendition, planAudio } from "../audio/plan-audio.ts";
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
  deinterlace: boolean;
  /** RGB masters have no matrix; they become BT.709. */
  fromRgb: boolean;
  videoIndex: number;
  video: VideoRendition[];
  audio: AudioRendition[];
  text: TextRendition[];
  thumbnails: ThumbnailPlan;
  poster: PictureSize;
}

export interface VideoRendition extends PictureSize {
  id: string;
  codec: VideoCodec;
  crf: number;
  preset: Preset;
  maxrateKbps: number;
}

export type VideoCodec = "h264";

export interface TextRendition {
  id: string;
  language: string;
  sha256: string;
}

export const presets = [
  "ultrafast",
  "superfast",
  "veryfast",
  "faster",
  "fast",
  "medium",
  "slow",
  "slower",
] as const;
export type Preset = (typeof presets)[number];

export interface PlanOptions {
  /** Of the sound, where the file does not say. */
  language?: string | undefined;
  ladder?: "fixed" | readonly LadderStep[] | undefined;
  preset?: Preset | undefined;
}

/** Both are multiples of one another at every frame rate, so a segment always begins with a GOP. */
const gopsPerSegment = 2;
const crf = 21;
/** Six rungs of 10 s of film took 20 CPU-s with veryfast, 29 with faster, 36 with fast, 43 with medium. */
const defaultPreset: Preset = "faster";

export function planEncode(
  source: AdmittedSource,
  subtitles: readonly Subtitle[],
  options: PlanOptions = {},
): { plan: Plan; warnings: Warning[] } {
  const { video } = source;
  const frameRate = outputFrameRate(video.averageFrameRate, video.realFrameRate);
  const shown = { width: video.displayWidth, height: video.displayHeight };
  const ladder =
    options.ladder === undefined || options.ladder === "fixed" ? fixedLadder : requireLadder(options.ladder);
  const rungs = planLadder(shown, fps(frameRate), ladder);
  const audio = planAudio(source.audio, options.language);
  const plan: Plan = {
    version: 2,
    frameRate,
    expectedFrames: Math.max(1, Math.round(source.videoSeconds * fps(frameRate))),
    gopFrames: gopFrames(frameRate),
    gopSeconds: gopSeconds(frameRate),
    segmentFrames: gopFrames(frameRate) * gopsPerSegment,
    segmentSeconds: gopSeconds(frameRate) * gopsPerSegment,
    deinterlace: video.interlaced,
    fromRgb: /^(rgb|bgr|gbr|argb|abgr|0rgb|pal8)/.test(video.pixelFormat ?? ""),
    videoIndex: video.index,
    video: rungs.map(({ name, width, height, maxrateKbps }) => {
      const preset = options.preset ?? defaultPreset;
      return { id: `video-${name}`, codec: "h264", width, height, crf, preset, maxrateKbps };
    }),
    audio: audio.renditions,
    text: subtitles.map(({ language, sha256 }) => ({
      id: `text-${language.toLowerCase()}`,
      language,
      sha256,
    })),
    thumbnails: planThumbnails(shown, source.videoSeconds, frameRate),
    poster: rungs[0] ? { width: rungs[0].width, height: rungs[0].height } : shown,
  };
  return { plan, warnings: [...source.warnings, ...audio.warnings, ...subtitleWarnings(source, subtitles)] };
}

function subtitleWarnings(source: AdmittedSource, subtitles: readonly Subtitle[]): Warning[] {
  return subtitles
    .filter(({ lastCueEndSeconds }) => lastCueEndSeconds > source.durationSeconds + 5)
    .map(({ language }) => ({
      code: "subtitle_beyond_end",
      message: `The ${language} subtitles go on after the film's end; are they of this cut?`,
    }));
}
