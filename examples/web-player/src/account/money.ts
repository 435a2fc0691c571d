import type { Item } from "@flix/sdk";
import { viewerLanguage } from "../language.ts";

export type Plan = Item<"listPlans">;
type Money = Plan["price"];

/** Minor units as people write them: 999 USD is $9.99, 900 JPY is ¥900. */
export function formatMoney({ amount, currency }: Money, language = viewerLanguage()): string {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

export function qualityName(maxHeight: number): string {
  if (maxHeight >= 2160) return "4K Ultra HD";
  if (maxHeight >= 1080) return "Full HD";
  if (maxHeight >= 720) return "HD";
  return "Standard quality";
}

export function streamsText(maxStreams: number): string {
  return maxStreams === 1 ? "One screen at a time" : `${maxStreams} screens at once`;
}

export function formatDate(timestamp: string, language = viewerLanguage()): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(timestamp));
}
