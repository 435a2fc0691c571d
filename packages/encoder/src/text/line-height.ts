import type { CueSettings } from "./cue.ts";

/** Of the picture's height: players write WebVTT at 5 % of it (WebVTT section 7.4), a line being a little higher. */
export const lineHeightPercent = 6;

/**
 * Says without alignments where a box begins: shaka-packager 3.4.2 drops those of `line` and `position` (its webvtt_parser.cc says
 * so in its log), and then a box that was to end at 90 % begins there.
 */
export function withoutBoxAlignment(settings: CueSettings, lines: number): CueSettings {
  const { line, position, sizePercent = 100, align = "center" } = settings;
  const changed: CueSettings = { ...settings };
  if (line?.align !== undefined) changed.line = lineWithout(line, lines);
  if (position?.align !== undefined) {
    const share = { "line-left": 0, center: 0.5, "line-right": 1 };
    const left = position.percent - share[position.align] * sizePercent;
    const percent = left + share[positionAlignOf(align)] * sizePercent;
    changed.position = { percent: Math.min(100, Math.max(0, percent)) };
  }
  return changed;
}

function lineWithout(
  line: NonNullable<CueSettings["line"]>,
  lines: number,
): NonNullable<CueSettings["line"]> {
  const share = { start: 0, center: 0.5, end: 1 }[line.align ?? "start"];
  const { value, percent } = line;
  if (percent) return { value: Math.max(0, value - share * lines * lineHeightPercent), percent };
  // Whole lines below the top are negative from the bottom, where 0 is the top again.
  const moved = value - Math.round(share * (lines - 1));
  return { value: value >= 0 ? Math.max(0, moved) : moved, percent };
}

/** Where `position` points to when it does not say (WebVTT section 4.4, "auto"). */
function positionAlignOf(align: NonNullable<CueSettings["align"]>): "line-left" | "center" | "line-right" {
  if (align === "start" || align === "left") return "line-left";
  return align === "center" ? "center" : "line-right";
}
