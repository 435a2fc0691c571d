import { XMLParser, XMLValidator } from "fast-xml-parser";

export interface XmlElement {
  /** Without its namespace's prefix. */
  name: string;
  /** By local name: none of what is read here has two that only their namespaces tell apart. */
  attributes: ReadonlyMap<string, string>;
  children: (XmlElement | string)[];
}

/** Nothing that is read here is nested so deep, and what reads it walks down by calling itself. */
const maxDepth = 60;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  removeNSPrefix: true,
  trimValues: false,
  parseTagValue: false,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: maxDepth,
});

/** Says what the document is, and why it is not valid; the caller's own code. */
export type NotValid = (reason: string, line?: number) => Error;

/** Reads XML without a document type: entities that a file defines can grow without end, and name other files. */
export function parseXml(text: string, notValid: NotValid): XmlElement {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw notValid("a document type is not accepted");
  const checked = XMLValidator.validate(text);
  if (checked !== true) throw notValid(`it is not XML (${checked.err.msg.slice(0, 200)})`, checked.err.line);
  const root = parse(text, notValid).find((node) => typeof node !== "string");
  if (!root) throw notValid("it has no element");
  return root;
}

export function elementsOf({ children }: XmlElement, name?: string): XmlElement[] {
  return children.flatMap((child) =>
    typeof child === "string" || (name !== undefined && child.name !== name) ? [] : [child],
  );
}

function parse(text: string, notValid: NotValid): (XmlElement | string)[] {
  try {
    return toNodes(parser.parse(text));
  } catch (error) {
    throw notValid(`it is not XML (${error instanceof Error ? error.message : "unknown"})`);
  }
}

/** An element is an object with its name as one key, and `:@` as another with the attributes. */
function toNodes(value: unknown): (XmlElement | string)[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((node: object): (XmlElement | string)[] => {
    const [name = "", content] = Object.entries(node).find(([key]) => key !== ":@") ?? [];
    if (name === "#text") return [String(content)];
    return [{ name, attributes: attributesOf(node), children: toNodes(content) }];
  });
}

function attributesOf(node: object): ReadonlyMap<string, string> {
  const group: unknown = Reflect.get(node, ":@");
  const entries = typeof group === "object" && group !== null ? Object.entries(group) : [];
  return new Map(entries.map(([name, value]) => [name, String(value)]));
}
