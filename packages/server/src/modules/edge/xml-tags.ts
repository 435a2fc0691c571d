/** A start, end or empty-element tag, where it stands in the text. */
export interface XmlTag {
  /** Without its namespace's prefix. */
  name: string;
  kind: "start" | "end" | "empty";
  start: number;
  /** Past the last character. */
  end: number;
  attributes: ReadonlyMap<string, string>;
}

const noAttributes: ReadonlyMap<string, string> = new Map();

/** One alternative for each construct of XML 1.0; a `>` or `<` in a comment, a CDATA section or quotes is not a tag's. */
const markup =
  /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;

/**
 * The tags of a document in their order, properly nested: enough to cut elements out of a manifest and to leave every other
 * byte as it is. A document that is not well formed, or has a DOCTYPE, is refused: what cannot be read cannot be limited.
 */
export function readTags(xml: string): XmlTag[] {
  const tags: XmlTag[] = [];
  const open: string[] = [];
  for (let start = xml.indexOf("<"); start !== -1; start = xml.indexOf("<", markup.lastIndex)) {
    markup.lastIndex = start;
    const match = markup.exec(xml);
    if (!match) throw new Error(`The XML is not well formed at character ${start}`);
    const [, closed, opened, attributes = "", slash] = match;
    const place = { start, end: markup.lastIndex };
    if (opened !== undefined) {
      if (slash === "") open.push(opened);
      const kind = slash === "" ? "start" : "empty";
      tags.push({ name: localName(opened), kind, ...place, attributes: readAttributes(attributes) });
    } else if (closed !== undefined) {
      if (open.pop() !== closed)
        throw new Error(`The XML closes ${closed} at character ${start}, which is not open`);
      tags.push({ name: localName(closed), kind: "end", ...place, attributes: noAttributes });
    }
  }
  if (open.length > 0) throw new Error(`The XML does not close ${open.at(-1)}`);
  return tags;
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    if (name !== undefined) attributes.set(name, double ?? single ?? "");
  return attributes;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
