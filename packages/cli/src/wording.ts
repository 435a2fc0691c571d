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

export function percentText(ratio: number | undefined): string | undefined {
  return ratio === undefined ? undefined : `${(ratio * 100).toFixed(1)}%`;
}

export function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}
