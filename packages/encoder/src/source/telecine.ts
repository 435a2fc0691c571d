import type { Warning } from "../errors.ts";
import { fps } from "../plan/frame-rate.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { AdmittedSource } from "./admit.ts";

/**
 * Film at 23.976 that was spread over 59.94 fields: of each five frames two repeat a field of the one before. The seconds that are decoded to
 * see it are taken of interlaced masters at 29.97 only.
 */
export async function telecineWarnings(
  ffmpeg: string,
  { path, video, frameRate, durationSeconds }: AdmittedSource,
  signal?: AbortSignal,
): Promise<Warning[]> {
  if (video.fields === null || Math.abs(fps(frameRate) - 29.97) > 0.05) return [];
  const from = Math.max(0, durationSeconds / 3 - sampleSeconds / 2).toFixed(3);
  const input = [...inputGuards, "-ss", from, "-t", String(sampleSeconds), "-i", inputUrl(path)];
  const look = ["-map", `0:${video.index}`, "-vf", "idet", "-f", "null", "-"];
  const { stderr } = await readProgram(ffmpeg, ["-hide_banner", "-nostdin", ...input, ...look], { signal });
  if (!isTelecined(stderr)) return [];
  const message =
    "The master seems to be film at 23.976 frames a second that was telecined to 29.97; it is deinterlaced at that rate, so that motion is a little uneven. The untouched film would look better.";
  return [{ code: "telecined", message }];
}

const sampleSeconds = 5;

/** A fifth of the frames repeat their top field, and a fifth their bottom field; other video repeats none. */
export function isTelecined(log: string): boolean {
  const counts = [...log.matchAll(/Repeated Fields: Neither: *(\d+) Top: *(\d+) Bottom: *(\d+)/g)].at(-1);
  const [neither = 0, top = 0, bottom = 0] = counts?.slice(1).map(Number) ?? [];
  const total = neither + top + bottom;
  return total >= 50 && Math.min(top, bottom) > total * 0.12;
}
