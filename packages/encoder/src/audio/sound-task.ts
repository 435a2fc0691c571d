import { createHash } from "node:crypto";
import type { Plan } from "../plan/plan.ts";
import { fps } from "../plan/frame-rate.ts";
import type { LoudnessTarget } from "./loudness.ts";
import type { AudioRendition } from "./plan-audio.ts";

/** All renditions that come from one file, from one pass over it. */
export interface SoundTask {
  /** Of everything that decides the bytes, as a chunk's. */
  key: string;
  /** As the renditions'. */
  source: string;
  renditions: AudioRendition[];
  loudness: LoudnessTarget | null;
  filmSeconds: number;
  /** What its times are moved by, to stay with the pictures. */
  shiftSeconds: number;
  /** As the plan's. */
  tolerateErrors?: true;
}

/** Raised when the same task begins to give other bytes. */
const version = 1;

export function planSoundTasks(
  plan: Pick<Plan, "audio" | "loudness" | "expectedFrames" | "frameRate" | "picture" | "tolerateErrors">,
  master: { sha256: string },
  ffmpegVersion: string,
): SoundTask[] {
  const filmSeconds = plan.expectedFrames / fps(plan.frameRate);
  const { shiftSeconds } = plan.picture;
  return [...new Set(plan.audio.map(({ source }) => source))].map((source) => {
    const renditions = plan.audio.filter((rendition) => rendition.source === source);
    const tolerance = plan.tolerateErrors && { tolerateErrors: plan.tolerateErrors };
    const work = { source, renditions, loudness: plan.loudness, filmSeconds, shiftSeconds, ...tolerance };
    const of = source === "master" ? master.sha256 : source;
    const key = createHash("sha256")
      .update(JSON.stringify({ version, of, work, ffmpegVersion }))
      .digest("hex");
    return { key, ...work };
  });
}
