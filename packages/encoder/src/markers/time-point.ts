import { type FrameRate, fps } from "../plan/frame-rate.ts";

/**
 * Seconds into the film, from `65`, `65.5`, `01:05`, `00:01:05.500` or the timecode `00:01:05:12` (SMPTE ST 12-1), whose last part
 * counts frames, from the timecode of the first picture if it is not before that; null for anything else, a frame number that the rate has not among it.
 */
export function parseTimePoint(
  text: string,
  rate: FrameRate,
  startTimecode: string | null = null,
): number | null {
  const [, plain] = /^(\d{1,6}(?:\.\d{1,6})?)$/.exec(text) ?? [];
  if (plain !== undefined) return Number(plain);
  const clock = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{2}(?:\.\d{1,6})?)$/.exec(text);
  if (clock) return clockSeconds(clock.slice(1));
  const seconds = parseTimecode(text, rate);
  const first = parseTimecode(startTimecode ?? "", rate) ?? 0;
  return seconds !== null && seconds >= first ? seconds - first : seconds;
}

function parseTimecode(text: string, rate: FrameRate): number | null {
  const timecode = /^(\d{1,3}):(\d{2}):(\d{2})([:;])(\d{2,3})$/.exec(text);
  return timecode ? timecodeSeconds(timecode.slice(1), rate) : null;
}

function clockSeconds([hours = "0", minutes, seconds]: string[]): number | null {
  if (Number(minutes) > 59 || Number(seconds) >= 60) return null;
  return (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/** Timecode names frames, not time: at 23.976 frames a second an hour of it lasts 3603.6 s. */
function timecodeSeconds(
  [hours, minutes, seconds, separator, frames]: string[],
  rate: FrameRate,
): number | null {
  const nominal = Math.round(fps(rate));
  const inMinute = Number(seconds) * nominal + Number(frames);
  if (Number(minutes) > 59 || Number(seconds) > 59 || Number(frames) >= nominal) return null;
  const minute = Number(hours) * 60 + Number(minutes);
  const dropped = separator === ";" ? droppedInMinute(rate) : 0;
  if (dropped === null || (inMinute < dropped && minute % 10 !== 0)) return null;
  const frame = minute * 60 * nominal + inMinute - dropped * (minute - Math.floor(minute / 10));
  return frame / fps(rate);
}

/** Drop frame (`;`) leaves out the numbers of the first 2 frames of a minute at 29.97, 4 at 59.94, but for every tenth; other rates have none. */
function droppedInMinute({ num, den }: FrameRate): number | null {
  return den === 1001 && num % 30000 === 0 ? num / 15000 : null;
}
