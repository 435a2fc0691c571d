import type { RatedPoint } from "./bd-rate.ts";

/** What both ladders of a clip came to. */
export interface DrawnLadders {
  name: string;
  /** As the analysis saw them. */
  hulls: Record<"h264" | "av1", readonly RatedPoint[]>;
  fixed: readonly RatedPoint[];
  h264: readonly RatedPoint[];
  av1: readonly RatedPoint[];
  /** BD-rate against the fixed ladder; null where they share no score. */
  saved: { h264: number | null; av1: number | null };
}

const panel = { width: 370, height: 270, left: 46, top: 36, right: 16, bottom: 44 };
const columns = 2;
const headHeight = 46;
const rates = [16, 31, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000];
const scores = [0, 20, 40, 60, 80, 100];
const series = [
  { key: "fixed", name: "Apple's ladder, H.264", color: "#c2571a" },
  { key: "h264", name: "the film's own, H.264", color: "#1f5fbf" },
  { key: "av1", name: "the film's own, AV1", color: "#23803f" },
] as const;
const hullStroke = 'stroke-dasharray="3 3" stroke-opacity="0.6"';

/** Rates of an axis, in kbps. */
interface Range {
  from: number;
  to: number;
}

/** One panel a clip: VMAF over the logarithm of the rate, a mark for each rung, and the hulls that the analysis chose from. All have the same axes. */
export function drawLadders(clips: readonly DrawnLadders[]): string {
  const rows = Math.ceil(clips.length / columns);
  const [width, height] = [columns * panel.width, headHeight + rows * panel.height];
  const range = rangeOf(clips);
  const panels = clips.map((clip, index) => {
    const [x, y] = [(index % columns) * panel.width, headHeight + Math.floor(index / columns) * panel.height];
    return `<g transform="translate(${x} ${y})">${drawPanel(clip, range)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    drawLegend(),
    ...panels,
    "</svg>\n",
  ].join("\n");
}

/** From a tick below all rungs to one above; hulls begin further down, where no rung is. */
function rangeOf(clips: readonly DrawnLadders[]): Range {
  const rungs = clips.flatMap(({ fixed, h264, av1 }) => [...fixed, ...h264, ...av1]);
  const kbps = rungs.map((rung) => rung.kbps);
  const [least, most] = [Math.min(...kbps), Math.max(...kbps)];
  return {
    from: rates.findLast((rate) => rate < least) ?? least / 2,
    to: rates.find((rate) => rate > most) ?? most * 2,
  };
}

function drawLegend(): string {
  const solid = series.map(({ name, color }) => ({ name, stroke: `stroke="${color}" stroke-width="2"` }));
  return [...solid, { name: "its hull, by the analysis", stroke: `stroke="#555" ${hullStroke}` }]
    .map(({ name, stroke }, index) => {
      const x = 16 + index * 180;
      return `<path d="M${x} 26h22" ${stroke}/><text x="${x + 28}" y="30">${name}</text>`;
    })
    .join("");
}

function drawPanel(clip: DrawnLadders, range: Range): string {
  const saved = [`H.264 ${percent(clip.saved.h264)}`, `AV1 ${percent(clip.saved.av1)}`].join(", ");
  return [
    `<text x="${panel.left}" y="14" font-weight="600">${clip.name}</text>`,
    `<text x="${panel.left}" y="28" fill="#555">BD-rate: ${saved}</text>`,
    drawAxes(range),
    ...series.map(({ key, color }) => {
      const hull = key === "fixed" ? [] : clip.hulls[key];
      return `<path d="${line(hull, range)}" fill="none" stroke="${color}" ${hullStroke}/>`;
    }),
    ...series.map(({ key, color }) => drawSeries(clip[key], color, range)),
  ].join("");
}

function drawAxes(range: Range): string {
  const [left, right] = [panel.left, panel.width - panel.right];
  const [top, bottom] = [panel.top, panel.height - panel.bottom];
  const [middle, centre] = [(top + bottom) / 2, (left + right) / 2];
  return [
    ...scores.map((score) => {
      const y = yOf(score);
      return `<path d="M${left} ${y}H${right}" stroke="#e4e7ea"/><text x="${left - 6}" y="${y + 4}" text-anchor="end" fill="#555" font-size="10">${score}</text>`;
    }),
    ...rates
      .filter((kbps) => kbps >= range.from && kbps <= range.to)
      .map((kbps) => {
        const x = xOf(kbps, range);
        const name = kbps >= 1000 ? `${kbps / 1000}M` : `${kbps}k`;
        return `<path d="M${x} ${top}V${bottom}" stroke="#e4e7ea"/><text x="${x}" y="${bottom + 14}" text-anchor="middle" fill="#555" font-size="10">${name}</text>`;
      }),
    `<text x="${centre}" y="${bottom + 28}" text-anchor="middle" fill="#555" font-size="10">bits a second</text>`,
    `<text transform="translate(12 ${middle}) rotate(-90)" text-anchor="middle" fill="#555" font-size="10">VMAF</text>`,
  ].join("");
}

function drawSeries(points: readonly RatedPoint[], color: string, range: Range): string {
  const marks = points.map(
    ({ kbps, score }) => `<circle cx="${xOf(kbps, range)}" cy="${yOf(score)}" r="3" fill="${color}"/>`,
  );
  return `<path d="${line(points, range)}" fill="none" stroke="${color}" stroke-width="1.6"/>${marks.join("")}`;
}

function line(points: readonly RatedPoint[], range: Range): string {
  const inside = points
    .filter(({ kbps }) => kbps >= range.from && kbps <= range.to)
    .toSorted((a, b) => a.kbps - b.kbps);
  return inside
    .map(({ kbps, score }, index) => `${index === 0 ? "M" : "L"}${xOf(kbps, range)} ${yOf(score)}`)
    .join("");
}

function xOf(kbps: number, { from, to }: Range): number {
  const share = Math.log(kbps / from) / Math.log(to / from);
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
