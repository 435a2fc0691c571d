import { EncoderError } from "../errors.ts";

/** What no tolerance makes a film of. */
export function noPictures(fromSeconds: number, toSeconds: number | null): EncoderError {
  const end = toSeconds === null ? "its end" : timeText(toSeconds);
  return new EncoderError("corrupt", {
    message: `No pictures can be decoded from ${timeText(fromSeconds)} of the film to ${end}.`,
    hint: "Copy the master again and compare its checksum with the original, or cut this part out of it.",
    atSeconds: fromSeconds,
  });
}

/** `00:01:02.5` */
export function timeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tenth = Math.floor((seconds - whole) * 10 + 1e-6);
  return `${parts.map((part) => String(part).padStart(2, "0")).join(":")}.${tenth}`;
}
