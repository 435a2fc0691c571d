import type { AdmittedSource } from "../source/admit.ts";
import type { Warning } from "../errors.ts";
import { type FrameRate, fps, gopFrames, gopSeconds, outputFrameRate } from "./frame-rate.ts";
import { fixedLadder, type LadderStep, type PictureSize, planLadder, requireLadder } from "./ladder.ts";
import { requireLanguage } from "./languages.ts";
import type { AudioStream } from "../source/probe.ts";
import type { Subtitle } from "../text/subtitles.ts";
import { planThumbnails, type ThumbnailPlan } from "../pictures/thumbnails.ts";

/** Everything that decides the bytes of the package. Two equal plans of one source give the same package. */
export interface Plan {
  /** Raised when the same plan begins to give other bytes. */
  version: 1;
  frameRate: FrameRate;
  expectedFrames: number;
  gopFrames: number;
  gopSeconds: number;
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
  codec: "h264";
  crf: number;
  preset: Preset;
  maxrateKbps: number;
  /** 0 leaves it to x264. */
  threads: number;
}

export interface AudioRendition {
  id: string;
  codec: "aac";
  streamIndex: number;
  language: string;
  channels: 2;
  bitrateKbps: number;
}

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
  /** Of each x264; all cores by default. With 1 the bytes repeat from run to run; several threads share the rate's buffer as they happen to run. */
  encoderThreads?: number | undefined;
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
    version: 1,
    frameRate,
    expectedFrames: Math.max(1, Math.round(source.videoSeconds * fps(frameRate))),
    gopFrames: gopFrames(frameRate),
    gopSeconds: gopSeconds(frameRate),
    segmentSeconds: gopSeconds(frameRate) * gopsPerSegment,
    deinterlace: video.interlaced,
    fromRgb: /^(rgb|bgr|gbr|argb|abgr|0rgb|pal8)/.test(video.pixelFormat ?? ""),
    videoIndex: video.index,
    video: rungs.map(({ name, width, height, maxrateKbps }) => {
      const preset = options.preset ?? defaultPreset;
      const threads = options.encoderThreads ?? 0;
      return { id: `video-${name}`, codec: "h264", width, height, crf, preset, maxrateKbps, threads };
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

/** One stereo rendition a language: the default track of it, else the first that is no commentary. */
function planAudio(
  tracks: readonly AudioStream[],
  language?: string,
): { renditions: AudioRendition[]; warnings: Warning[] } {
  const named = language === undefined ? undefined : requireLanguage(language);
  const ordered = tracks.toSorted((a, b) => rank(a) - rank(b) || a.index - b.index);
  const renditions: AudioRendition[] = [];
  const warnings: Warning[] = [];
  for (const track of ordered) {
    const spoken = track.language ?? named ?? "und";
    if (renditions.some((rendition) => rendition.language === spoken)) {
      const message = `Sound track ${track.index} (${spoken}) is left out: ${spoken} has one already.`;
      warnings.push({ code: "audio_track_ignored", message });
      continue;
    }
    const id = `audio-${spoken.toLowerCase()}`;
    renditions.push({
      id,
      codec: "aac",
      streamIndex: track.index,
      language: spoken,
      channels: 2,
      bitrateKbps: 128,
    });
  }
  return { renditions, warnings };
}

function rank({ isDefault, isCommentary }: AudioStream): number {
  return (isCommentary ? 2 : 0) + (isDefault ? 0 : 1);
}

function subtitleWarnings(source: AdmittedSource, subtitles: readonly Subtitle[]): Warning[] {
  return subtitles
    .filter(({ lastCueEndSeconds }) => lastCueEndSeconds > source.durationSeconds + 5)
    .map(({ language }) => ({
      code: "subtitle_beyond_end",
      message: `The ${language} subtitles go on after the film's end; are they of this cut?`,
    }));
}
