import type { CueSettings, TextAlign } from "./cue.ts";
import { lineHeightPercent } from "./line-height.ts";
import type { Styles } from "./ttml-style.ts";
import type { XmlElement } from "../xml.ts";

/** What lengths in pixels and cells are parts of. */
export interface RootExtent {
  pixels: readonly [width: number, height: number] | null;
  cells: readonly [columns: number, rows: number];
}

export function readRootExtent({ attributes }: XmlElement): RootExtent {
  const [width, height] = (attributes.get("extent") ?? "")
    .split(/\s+/)
    .map((length) => Number.parseFloat(length));
  const [columns = 32, rows = 15] = (attributes.get("cellResolution") ?? "32 15").split(/\s+/).map(Number);
  return {
    pixels: width && height ? [width, height] : null,
    cells: columns > 0 && rows > 0 ? [columns, rows] : [32, 15],
  };
}

/** Where WebVTT puts what TTML puts into a region: near enough that it covers no other part of the picture. */
export function placeInRegion(
  region: Styles | undefined,
  paragraph: Styles,
  lines: number,
  root: RootExtent,
): CueSettings {
  const align = textAlignOf(paragraph);
  if (!region) return align === undefined || align === "center" || align === "start" ? {} : { align };
  const mode = /^tb(rl|lr)?$/.exec(region.get("writingMode") ?? "");
  if (mode) return { vertical: mode[1] === "lr" ? "lr" : "rl" };
  const [x, y] = pairOf(region.get("origin"), root) ?? [0, 0];
  const [width, height] = pairOf(region.get("extent"), root) ?? [100 - x, 100 - y];
  const line = lineOf({ y, height, lines, displayAlign: region.get("displayAlign") ?? "before" });
  return { ...(line && { line }), ...columnOf(x, width, align ?? "start") };
}

/** The bottom fifth is where a player puts subtitles by itself, above its controls. */
const usualBottom = 80;
const topFifth = 15;

interface Box {
  y: number;
  height: number;
  lines: number;
  displayAlign: string;
}

function lineOf({ y, height, lines, displayAlign }: Box): CueSettings["line"] {
  const text = lines * lineHeightPercent;
  if (displayAlign === "after" && y + height >= usualBottom) return undefined;
  if (displayAlign === "before" && y <= topFifth) return { value: 0, percent: false };
  const top =
    displayAlign === "after" ? y + height - text : displayAlign === "center" ? y + (height - text) / 2 : y;
  if (top + text >= usualBottom + lineHeightPercent) return undefined;
  return { value: clamp(top), percent: true };
}

/** A centred text in the middle is left to the player. */
function columnOf(x: number, width: number, align: TextAlign): CueSettings {
  if (align === "center") {
    const middle = x + width / 2;
    return Math.abs(middle - 50) < 3 ? {} : { position: { percent: clamp(middle) } };
  }
  const percent = align === "start" || align === "left" ? x : x + width;
  return { position: { percent: clamp(percent) }, align };
}

function textAlignOf(styles: Styles): TextAlign | undefined {
  const value = styles.get("textAlign");
  return (["start", "center", "end", "left", "right"] as const).find((align) => align === value);
}

function pairOf(text: string | undefined, root: RootExtent): [number, number] | null {
  const [x, y] = (text ?? "").trim().split(/\s+/);
  const [across, down] = [percentOf(x, 0, root), percentOf(y, 1, root)];
  return across === null || down === null ? null : [across, down];
}

function percentOf(length: string | undefined, axis: 0 | 1, { pixels, cells }: RootExtent): number | null {
  const [, digits, unit] = /^(-?\d+(?:\.\d+)?)(%|px|c|rw|rh)$/.exec(length ?? "") ?? [];
  const value = Number(digits);
  if (unit === undefined) return null;
  if (unit === "px") return pixels && (value / pixels[axis]) * 100;
  return unit === "c" ? (value / cells[axis]) * 100 : value;
}

function clamp(percent: number): number {
  return Math.round(Math.min(100, Math.max(0, percent)) * 100) / 100;
}
