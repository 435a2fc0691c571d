import type { AdmittedSource } from "../source/admit.ts";
import type { Warning } from "../errors.ts";
import { type FrameRate, fps, gopFrames, gopSeconds, outputFrameRate } from "./frame-rate.ts";
import { fixedLadder, type LadderStep, type PictureSize, planLadder, requireLadder } from "./ladder.ts";
import type { AudioFile } from "../audio/audio-file.ts";
import type { LoudnessTarget } from "../audio/loudness.ts";
import { type AudioRendition, planAudio } from "../audio/plan-audio.ts";
import { planText, type TextRendition } from "../text/plan-text.ts";
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
  /** What all sound is brought to; null leaves it as it is. */
  loudness: LoudnessTarget | null;
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
  /** LKFS; -24 unless it says otherwise. */
  loudness?: LoudnessTarget | "off" | undefined;
}

/** What lies beside the master. */
export interface Sidecars {
  subtitles: readonly Subtitle[];
  audioFiles: readonly AudioFile[];
}

/** Both are multiples of one another at every frame rate, so a segment always begins with a GOP. */
const gopsPerSegment = 2;
const crf = 21;
/** Six rungs of 10 s of film took 20 CPU-s with veryfast, 29 with faster, 36 with fast, 43 with medium. */
const defaultPreset: Preset = "faster";
/** What viewers notice first of a catalogue is that one film is louder than the next. */
const defaultLoudness: LoudnessTarget = -24;

export function planEncode(
  source: AdmittedSource,
  sidecars: Sidecars,
  options: PlanOptions = {},
): { plan: Plan; warnings: Warning[] } {
  const { video } = source;
  const frameRate = outputFrameRate(video.averageFrameRate, video.realFrameRate);
  const shown = { width: video.displayWidth, height: video.displayHeight };
  const ladder =
    options.ladder === undefined || options.ladder === "fixed" ? fixedLadder : requireLadder(options.ladder);
  const rungs = planLadder(shown, fps(frameRate), ladder);
  const expectedFrames = Math.max(1, Math.round(source.videoSeconds * fps(frameRate)));
  const audio = planAudio({
    tracks: source.audio,
    files: sidecars.audioFiles,
    language: options.language,
    filmSeconds: expectedFrames / fps(frameRate),
  });
  const text = planText({ source, subtitles: sidecars.subtitles, language: options.language });
  const plan: Plan = {
    version: 2,
    frameRate,
    expectedFrames,
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
    loudness: options.loudness === "off" ? null : (options.loudness ?? defaultLoudness),
    text: text.renditions,
    thumbnails: planThumbnails(shown, source.videoSeconds, frameRate),
    poster: rungs[0] ? { width: rungs[0].width, height: rungs[0].height } : shown,
  };
  return { plan, warnings: [...source.warnings, ...audio.warnings, ...text.warnings] };
}
