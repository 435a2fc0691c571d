import type { Warning } from "../errors.ts";
import { fps } from "../plan/frame-rate.ts";
import type { Prepared } from "../prepare.ts";
import { audioInputGuards, inputGuards, inputUrl } from "../programs/input-guards.ts";
import { hasIndex, indexedAudio, type IndexedSource } from "../source/indexed-source.ts";
import { expectedFramesOf, planChunks } from "../video/chunks.ts";
import { type DamageFacts, damageFacts, type LostPictures } from "./damage.ts";
import { measureDamage } from "./measure-damage.ts";
import { noPictures, timeText } from "./no-pictures.ts";

/**
 * Finds what is lost of a film that is encoded with its damage. Throws `corrupt` where a chunk would be a still: that is no film, whatever was
 * tolerated.
 */
export async function surveyDamage(
  prepared: Prepared,
  indexed: IndexedSource,
  folder: string,
  signal: AbortSignal,
): Promise<DamageFacts> {
  const { source, plan, programs, audioFiles } = prepared;
  const { averageFrameRate, realFrameRate, variableFrameRate } = source.video;
  const framesPerSecond = fps(variableFrameRate ? realFrameRate : averageFrameRate);
  const film = { path: inputUrl(indexed.path), options: inputGuards };
  const ofMaster = plan.audio.filter((rendition) => rendition.source === "master");
  const streams = [...new Set(ofMaster.map(({ streamIndex }) => indexedAudio(source, streamIndex)))];
  const beside = audioFiles.map(({ path, stream }) => {
    return { path: inputUrl(path), options: audioInputGuards, streams: [stream.index] };
  });
  const { pictures, silentSeconds } = await measureDamage({
    ffmpeg: programs.ffmpeg.path,
    film: { ...film, stream: indexed.videoIndex },
    sound: [...(streams.length > 0 ? [{ ...film, streams }] : []), ...beside],
    cadence: { framesPerSecond, countsGaps: !variableFrameRate && source.container !== "mov" },
    filmSeconds: plan.expectedFrames / fps(plan.frameRate),
    listsPictures: hasIndex(source),
    folder,
    signal,
  });
  requirePictures(pictures, plan);
  return damageFacts(pictures, framesPerSecond, silentSeconds);
}

function requirePictures({ shown, missing }: LostPictures, plan: Prepared["plan"]): void {
  const rate = fps(plan.frameRate);
  for (const chunk of planChunks(plan)) {
    const from = chunk.firstFrame / rate;
    const to = from + expectedFramesOf(chunk, plan) / rate;
    const within = (seconds: number): boolean => seconds >= from && seconds < to;
    if (missing.some(within) && shown.filter(within).length <= 1) throw noPictures(from, to);
  }
}

/** Nothing to say of a film that turned out to be whole. */
export function damageWarnings({
  damagedFrames,
  missingFrames,
  silentSeconds,
  ranges,
}: DamageFacts): Warning[] {
  const [first] = ranges;
  const at = first ? `, first at ${timeText(first.startSeconds)}` : "";
  const lost = [
    ...(damagedFrames > 0 ? [`${framesText(damagedFrames)} damaged${missingFrames > 0 ? "" : at}`] : []),
    ...(missingFrames > 0 ? [`${framesText(missingFrames)} missing${at}`] : []),
    ...(silentSeconds > 0 ? [`${silentSeconds.toFixed(2)} s of sound are silent`] : []),
  ];
  if (lost.length === 0) return [];
  return [{ code: "frames_lost", message: `The master is damaged: ${lost.join("; ")}.` }];
}

function framesText(count: number): string {
  return count === 1 ? "1 frame is" : `${count} frames are`;
}
