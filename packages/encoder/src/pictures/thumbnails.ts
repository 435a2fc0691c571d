import { type FrameRate, fps, gopFrames, gopSeconds } from "../plan/frame-rate.ts";
import type { PictureSize } from "../plan/ladder.ts";

/** The pictures that a player shows while seeking: sheets of tiles, and a WebVTT track that says where each one is. */
export interface ThumbnailPlan extends PictureSize {
  everyFrames: number;
  everySeconds: number;
  columns: number;
  rows: number;
}

const box = { width: 320, height: 180 };
const sheet = { columns: 5, rows: 5 };
const wantedCount = 120;
const maxSeconds = 10;

/** One in two seconds for a trailer, one in ten for a film. They are key frames, which are read without decoding what lies between. */
export function planThumbnails(shown: PictureSize, videoSeconds: number, rate: FrameRate): ThumbnailPlan {
  const seconds = Math.min(maxSeconds, videoSeconds / wantedCount);
  const everyFrames = gopFrames(rate) * Math.max(1, Math.round(seconds / gopSeconds(rate)));
  const scale = Math.min(1, box.width / shown.width, box.height / shown.height);
  return {
    everyFrames,
    everySeconds: everyFrames / fps(rate),
    ...sheet,
    width: even(shown.width * scale),
    height: even(shown.height * scale),
  };
}

function thumbnailCount(plan: ThumbnailPlan, frames: number): number {
  return Math.ceil(frames / plan.everyFrames);
}

export function sheetCount(plan: ThumbnailPlan, frames: number): number {
  return Math.ceil(thumbnailCount(plan, frames) / (plan.columns * plan.rows));
}

/** `sheet-1.jpg#xywh=0,0,320,180`, the media fragment form that players read. */
export function thumbnailTrack(plan: ThumbnailPlan, count: number): string {
  const perSheet = plan.columns * plan.rows;
  const cues = Array.from({ length: count }, (_, index) => {
    const tile = index % perSheet;
    const x = (tile % plan.columns) * plan.width;
    const y = Math.floor(tile / plan.columns) * plan.height;
    const place = `${sheetName(Math.floor(index / perSheet) + 1)}#xywh=${x},${y},${plan.width},${plan.height}`;
    return `${stamp(index * plan.everySeconds)} --> ${stamp((index + 1) * plan.everySeconds)}\n${place}`;
  });
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}

export function sheetName(number: number | "%d" | "$Number$"): string {
  return `sheet-${number}.jpg`;
}

function stamp(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const pad = (value: number, digits = 2): string => String(Math.floor(value)).padStart(digits, "0");
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}.${pad(ms % 1000, 3)}`;
}

function even(side: number): number {
  return Math.max(2, 2 * Math.round(side / 2));
}
