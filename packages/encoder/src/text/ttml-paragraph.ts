import { type CueNode, normalizeCueText, span } from "./cue.ts";
import type { Interval, TtmlContext } from "./ttml-context.ts";
import { within } from "./ttml-context.ts";
import { isHidden, looksOf, type Styles, stylesOf, wrapInLooks } from "./ttml-style.ts";
import { elementsOf, type XmlElement } from "../xml.ts";

/** Text that looks alike and is shown as long as itself; a paragraph is a row of them. */
export interface Run extends Interval {
  text: string;
  /** Above or beside it, in small type. */
  ruby: string;
  looks: string[];
}

/** The runs of a paragraph in order; `br` is a line feed. */
export function readRuns(
  paragraph: XmlElement,
  styles: Styles,
  interval: Interval,
  context: TtmlContext,
): Run[] {
  return paragraph.children.flatMap((child) => {
    const run = { ...interval, ruby: "", looks: looksOf(styles, context.language) };
    if (typeof child === "string") return [{ ...run, text: spaced(child, styles) }];
    if (child.name === "br") return [{ ...run, text: "\n" }];
    if (child.name !== "span") return [];
    const [own, during] = [stylesOf(child, styles, context.sheet), within(interval, child, context)];
    if (isHidden(own)) return [];
    if (own.get("ruby") !== "container") return readRuns(child, own, during, context);
    const rubyText = (kind: RegExp): string => rubyPart(child, kind);
    const looks = looksOf(own, context.language);
    return [{ ...during, text: rubyText(/^base$/), ruby: rubyText(/^text$/), looks }];
  });
}

/** The moments at which what a paragraph shows changes. */
export function shownIntervals(runs: readonly Run[], { startMs, endMs }: Interval): Interval[] {
  const times = runs.flatMap((run) => [run.startMs, run.endMs]);
  const inside = [startMs, ...times.filter((time) => time > startMs && time < endMs), endMs];
  const ordered = [...new Set(inside)].toSorted((a, b) => a - b);
  return ordered.slice(1).map((end, index) => ({ startMs: ordered[index] ?? startMs, endMs: end }));
}

export function textDuring(runs: readonly Run[], { startMs, endMs }: Interval): CueNode[] {
  const shown = runs.filter((run) => run.startMs <= startMs && run.endMs >= endMs);
  return normalizeCueText(
    groupByLooks(trimLines(shown)).flatMap(({ nodes, looks }) => wrapInLooks(nodes, looks)),
  );
}

function rubyPart(element: XmlElement, kind: RegExp): string {
  if (kind.test(element.attributes.get("ruby") ?? "")) return textOf(element);
  return elementsOf(element)
    .map((child) => rubyPart(child, kind))
    .join("");
}

function textOf({ children }: XmlElement): string {
  return children
    .map((child) => (typeof child === "string" ? child : textOf(child)))
    .join("")
    .trim();
}

/** White space is one space, unless the file says that it counts (XML section 2.10). */
function spaced(text: string, styles: Styles): string {
  return styles.get("space") === "preserve"
    ? text.replaceAll(/\r\n?/g, "\n")
    : text.replaceAll(/[ \t\r\n]+/g, " ");
}

/** No space at either end of a line, and never two: the runs of a line are one text. */
function trimLines(runs: readonly Run[]): Run[] {
  let before = "\n";
  const forward = runs.map((run) => {
    const text = /[\n ]$/.test(before) ? run.text.replace(/^ +/, "") : run.text;
    before = text === "" ? before : text;
    return { ...run, text: text.replaceAll(/ +\n/g, "\n") };
  });
  let after = "\n";
  for (const run of forward.toReversed()) {
    if (after.startsWith("\n")) run.text = run.text.replace(/ +$/, "");
    after = run.text === "" ? after : run.text;
  }
  return forward;
}

function groupByLooks(runs: readonly Run[]): { nodes: CueNode[]; looks: string[] }[] {
  const groups: { nodes: CueNode[]; looks: string[] }[] = [];
  for (const { text, ruby, looks } of runs) {
    const node = ruby === "" ? text : span("ruby", [text, span("rt", [ruby])]);
    const group = groups.at(-1);
    if (group && (group.looks.join() === looks.join() || text === "\n")) group.nodes.push(node);
    else groups.push({ nodes: [node], looks });
  }
  return groups;
}
