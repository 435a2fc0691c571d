import { webVttColor } from "./colors.ts";
import { type CueNode, span } from "./cue.ts";
import { elementsOf, type XmlElement } from "../xml.ts";

/** Values of TTML's style attributes by name, as they apply to an element. */
export type Styles = ReadonlyMap<string, string>;

/** Those that a child has from its parent; the rest are a region's own. */
const inherited = [
  "color",
  "fontStyle",
  "fontWeight",
  "textDecoration",
  "textAlign",
  "visibility",
  "lang",
  "space",
];

export type StyleSheet = ReadonlyMap<string, XmlElement>;

/** The `style` elements of the head by id. */
export function readStyleSheet(styling: XmlElement | undefined): StyleSheet {
  const styles = styling ? elementsOf(styling, "style") : [];
  return new Map(styles.map((style) => [style.attributes.get("id") ?? "", style]));
}

/** An element's styles: its parent's, then those of the styles that it names, then its own (TTML2 section 10.4.2). */
export function stylesOf(element: XmlElement, parent: Styles, sheet: StyleSheet): Styles {
  const passedOn = [...parent].filter(([name]) => inherited.includes(name));
  return new Map([...passedOn, ...ownStyles(element, sheet, new Set())]);
}

/** Referred styles come in the order of their names, and may refer to others; one that refers to itself is not followed. */
function ownStyles(element: XmlElement, sheet: StyleSheet, seen: Set<XmlElement>): [string, string][] {
  if (seen.has(element)) return [];
  seen.add(element);
  const referred = (element.attributes.get("style") ?? "").split(/\s+/).flatMap((id) => {
    const style = sheet.get(id);
    return style ? ownStyles(style, sheet, new Set(seen)) : [];
  });
  const nested = element.name === "region" ? elementsOf(element, "style") : [];
  return [...referred, ...nested.flatMap((style) => ownStyles(style, sheet, seen)), ...element.attributes];
}

export function isHidden(styles: Styles): boolean {
  return styles.get("display") === "none" || styles.get("visibility") === "hidden";
}

/** What of the styles changes how text looks, as one word for each; equal lists look alike. */
export function looksOf(styles: Styles, documentLanguage: string): string[] {
  const color = webVttColor(styles.get("color") ?? "");
  const language = styles.get("lang") ?? "";
  return [
    ...(language === "" || language === documentLanguage ? [] : [`lang ${language}`]),
    ...(color === null ? [] : [`c ${color}`]),
    ...(/^(italic|oblique)$/.test(styles.get("fontStyle") ?? "") ? ["i"] : []),
    ...(styles.get("fontWeight") === "bold" ? ["b"] : []),
    ...(/\bunderline\b/.test(styles.get("textDecoration") ?? "") ? ["u"] : []),
  ];
}

export function wrapInLooks(children: CueNode[], looks: readonly string[]): CueNode[] {
  return looks.reduceRight<CueNode[]>((inner, look) => {
    const [tag = "", value = ""] = look.split(" ", 2);
    if (tag === "lang") return [span("lang", inner, value)];
    return [
      tag === "c" ? span("c", inner, "", [value]) : span(tag === "i" ? "i" : tag === "b" ? "b" : "u", inner),
    ];
  }, children);
}
