import { minorDigits } from "./kinds.ts";

/** `9.99 USD`: the same in every locale, and what `--price` takes. */
export function moneyText({ amount, currency }: { amount: number; currency: string }): string {
  const digits = minorDigits(currency);
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}

/** `2026-11-22 09:30` in UTC, as the contract's times are. */
export function timeText(timestamp: string | undefined): string | undefined {
  return timestamp?.slice(0, 16).replace("T", " ");
}

/** `1h 32m`, `4m 05s`, `30s`. */
export function durationText(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours}h ${String(minutes).padStart(2, "0")}m`;
  return minutes > 0 ? `${minutes}m ${String(rest).padStart(2, "0")}s` : `${rest}s`;
}

/** `0:12.345`, `1:02:03.000`: a place in a film. */
export function timecodeText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = (seconds % 60).toFixed(3).padStart(6, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** `812 B`, `3.4 MB`, `22 GB`. */
export function sizeText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** unit;
  return `${unit > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `850 kb/s`, `4.2 Mb/s`. */
export function bitrateText(bitsPerSecond: number): string {
  return bitsPerSecond < 1e6
    ? `${Math.round(bitsPerSecond / 1000)} kb/s`
    : `${(bitsPerSecond / 1e6).toFixed(1)} Mb/s`;
}

export function percentText(ratio: number | undefined): string | undefined {
  return ratio === undefined ? undefined : `${(ratio * 100).toFixed(1)}%`;
}

export function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}
