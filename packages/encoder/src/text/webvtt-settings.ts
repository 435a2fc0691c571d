import type { CueSettings, Point, Region } from "./cue.ts";

/** Settings after a cue's times (WebVTT section 6.3); one that is not valid is ignored, as players do. */
export function parseSettings(text: string, regions: readonly Region[]): CueSettings {
  const settings: CueSettings = {};
  for (const [name, value] of pairs(text)) {
    const [first = "", align] = value.split(",", 2);
    if (name === "vertical" && isOneOf(value, ["rl", "lr"])) settings.vertical = value;
    else if (name === "align" && isOneOf(value, textAligns)) settings.align = value;
    else if (name === "size") setIf(percentOf(value), (percent) => (settings.sizePercent = percent));
    else if (name === "region" && regions.some(({ id }) => id === value)) settings.region = value;
    else if (name === "line") setIf(lineOf(first, align), (line) => (settings.line = line));
    else if (name === "position") {
      if (align !== undefined && !isOneOf(align, positionAligns)) continue;
      setIf(percentOf(first), (percent) => (settings.position = { percent, ...(align && { align }) }));
    }
  }
  // Section 6.3, last steps: a region places the cue by itself.
  const placed = [settings.vertical, settings.line, settings.sizePercent].some(
    (value) => value !== undefined,
  );
  if (placed) delete settings.region;
  return settings;
}

export function formatSettings(settings: CueSettings): string {
  const { region, vertical, line, position, sizePercent, align } = settings;
  return [
    region === undefined ? "" : `region:${region}`,
    vertical === undefined ? "" : `vertical:${vertical}`,
    line === undefined ? "" : `line:${number(line.value)}${line.percent ? "%" : ""}${aligned(line.align)}`,
    position === undefined ? "" : `position:${number(position.percent)}%${aligned(position.align)}`,
    sizePercent === undefined ? "" : `size:${number(sizePercent)}%`,
    align === undefined ? "" : `align:${align}`,
  ]
    .filter((setting) => setting !== "")
    .join(" ");
}

/** A REGION block's lines (section 6.2); null without an id. */
export function parseRegion(text: string): Region | null {
  const region: Region = {
    id: "",
    widthPercent: 100,
    lines: 3,
    regionAnchor: { x: 0, y: 100 },
    viewportAnchor: { x: 0, y: 100 },
    scroll: false,
  };
  for (const [name, value] of pairs(text)) {
    if (name === "id") region.id = value;
    else if (name === "width") setIf(percentOf(value), (width) => (region.widthPercent = width));
    else if (name === "lines" && /^\d{1,3}$/.test(value)) region.lines = Number(value);
    else if (name === "regionanchor") setIf(pointOf(value), (point) => (region.regionAnchor = point));
    else if (name === "viewportanchor") setIf(pointOf(value), (point) => (region.viewportAnchor = point));
    else if (name === "scroll") region.scroll = value === "up";
  }
  return region.id === "" ? null : region;
}

export function formatRegion(region: Region): string {
  const point = ({ x, y }: Point): string => `${number(x)}%,${number(y)}%`;
  return [
    "REGION",
    `id:${region.id}`,
    `width:${number(region.widthPercent)}%`,
    `lines:${region.lines}`,
    `regionanchor:${point(region.regionAnchor)}`,
    `viewportanchor:${point(region.viewportAnchor)}`,
    ...(region.scroll ? ["scroll:up"] : []),
  ].join("\n");
}

const textAligns = ["start", "center", "end", "left", "right"] as const;
const positionAligns = ["line-left", "center", "line-right"] as const;
const lineAligns = ["start", "center", "end"] as const;

function pairs(text: string): [name: string, value: string][] {
  return text.split(/\s+/).flatMap((word): [string, string][] => {
    const colon = word.indexOf(":");
    return colon > 0 && colon < word.length - 1 ? [[word.slice(0, colon), word.slice(colon + 1)]] : [];
  });
}

function isOneOf<const Word extends string>(value: string, words: readonly Word[]): value is Word {
  return words.some((word) => word === value);
}

function setIf<Value>(value: Value | null, set: (value: Value) => void): void {
  if (value !== null) set(value);
}

function percentOf(text: string): number | null {
  const value = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  return value !== undefined && Number(value) <= 100 ? round(Number(value)) : null;
}

function lineOf(text: string, align: string | undefined): CueSettings["line"] | null {
  if (align !== undefined && !isOneOf(align, lineAligns)) return null;
  const percent = percentOf(text);
  const value = percent ?? (/^-?\d{1,4}$/.test(text) ? Number(text) : null);
  return value === null ? null : { value: value || 0, percent: percent !== null, ...(align && { align }) };
}

function pointOf(text: string): Point | null {
  const [x, y] = text.split(",", 2).map(percentOf);
  return typeof x === "number" && typeof y === "number" ? { x, y } : null;
}

function aligned(align: string | undefined): string {
  return align === undefined ? "" : `,${align}`;
}

function number(value: number): string {
  return String(round(value));
}

/** A hundredth of a percent is a fifth of a pixel at 1080p. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
