import type { RatedPoint } from "./bd-rate.ts";

/** What both ladders of a clip came to. */
export interface DrawnLadders {
  name: string;
  /** As the analysis saw it. */
  hull: readonly RatedPoint[];
  fixed: readonly RatedPoint[];
  h264: readonly RatedPoint[];
  av1: readonly RatedPoint[];
  /** BD-rate against the fixed ladder; null where they share no score. */
  saved: { h264: number | null; av1: number | null };
}

const panel = { width: 330, height: 250, left: 42, top: 34, right: 12, bottom: 30 };
const columns = 2;
const headHeight = 46;
const rates = [125, 250, 500, 1000, 2000, 4000, 8000];
const range = { from: 80, to: 10_000 };
const scores = [0, 20, 40, 60, 80, 100];
const series = [
  { key: "fixed", name: "Apple's ladder, H.264", color: "#c2571a", dash: "" },
  { key: "h264", name: "the film's own, H.264", color: "#1f5fbf", dash: "" },
  { key: "av1", name: "the film's own, AV1", color: "#23803f", dash: "" },
] as const;

/** One panel a clip: VMAF over the logarithm of the rate, a mark for each rung, and the hull that the analysis chose from. */
export function drawLadders(clips: readonly DrawnLadders[]): string {
  const rows = Math.ceil(clips.length / columns);
  const [width, height] = [columns * panel.width, headHeight + rows * panel.height];
  const panels = clips.map((clip, index) => {
    const [x, y] = [(index % columns) * panel.width, headHeight + Math.floor(index / columns) * panel.height];
    return `<g transform="translate(${x} ${y})">${drawPanel(clip)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    drawLegend(),
    ...panels,
    "</svg>\n",
  ].join("\n");
}

function drawLegend(): string {
  const entries = [...series, { name: "hull of the analysis", color: "#9aa3ad", dash: "3 3" }];
  return entries
    .map(({ name, color, dash }, index) => {
      const x = 16 + index * 160;
      return `<path d="M${x} 26h22" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${x + 28}" y="30">${name}</text>`;
    })
    .join("");
}

function drawPanel(clip: DrawnLadders): string {
  const saved = [`H.264 ${percent(clip.saved.h264)}`, `AV1 ${percent(clip.saved.av1)}`].join(", ");
  return [
    `<text x="${panel.left}" y="16" font-weight="600">${clip.name}</text>`,
    `<text x="${panel.left}" y="29" fill="#555">${saved}</text>`,
    drawAxes(),
    `<path d="${line(clip.hull)}" fill="none" stroke="#9aa3ad" stroke-dasharray="3 3"/>`,
    ...series.map(({ key, color }) => drawSeries(clip[key], color)),
  ].join("");
}

function drawAxes(): string {
  const [left, right] = [panel.left, panel.width - panel.right];
  const [top, bottom] = [panel.top, panel.height - panel.bottom];
  return [
    ...scores.map((score) => {
      const y = yOf(score);
      return `<path d="M${left} ${y}H${right}" stroke="#e4e7ea"/><text x="${left - 6}" y="${y + 4}" text-anchor="end" fill="#555">${score}</text>`;
    }),
    ...rates.map((kbps) => {
      const x = xOf(kbps);
      const name = kbps >= 1000 ? `${kbps / 1000}M` : `${kbps}k`;
      return `<path d="M${x} ${top}V${bottom}" stroke="#e4e7ea"/><text x="${x}" y="${bottom + 14}" text-anchor="middle" fill="#555">${name}</text>`;
    }),
  ].join("");
}

function drawSeries(points: readonly RatedPoint[], color: string): string {
  const marks = points.map(
    (point) => `<circle cx="${xOf(point.kbps)}" cy="${yOf(point.score)}" r="3" fill="${color}"/>`,
  );
  return `<path d="${line(points)}" fill="none" stroke="${color}" stroke-width="1.6"/>${marks.join("")}`;
}

function line(points: readonly RatedPoint[]): string {
  const inside = points
    .filter(({ kbps }) => kbps >= range.from && kbps <= range.to)
    .toSorted((a, b) => a.kbps - b.kbps);
  return inside
    .map(({ kbps, score }, index) => `${index === 0 ? "M" : "L"}${xOf(kbps)} ${yOf(score)}`)
    .join("");
}

function xOf(kbps: number): number {
  const share = Math.log(Math.max(range.from, kbps) / range.from) / Math.log(range.to / range.from);
  return round(panel.left + share * (panel.width - panel.left - panel.right));
}

function yOf(score: number): number {
  return round(panel.height - panel.bottom - (score / 100) * (panel.height - panel.top - panel.bottom));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function percent(share: number | null): string {
  return share === null ? "no overlap" : `${Math.round(share * 100)} %`;
}
