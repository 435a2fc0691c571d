/** A variant of a master playlist; I-frame variants count as such. */
export interface Variant {
  uri: string;
  /** Undefined where the playlist does not tell: sound without a picture. */
  height: number | undefined;
  /** The lines that announce it, from 0. */
  lines: number[];
}

/** Leaves out the variants above a height (RFC 8216 section 4.3.4); every other line stays as it is. */
export function limitMaster(playlist: string, maxHeight: number): string {
  const dropped = new Set(
    readVariants(playlist)
      .filter(({ height }) => height !== undefined && height > maxHeight)
      .flatMap(({ lines }) => lines),
  );
  return playlist
    .split("\n")
    .filter((_, line) => !dropped.has(line))
    .join("\n");
}

/** All variants of a master playlist; none of a media playlist. */
export function readVariants(playlist: string): Variant[] {
  const variants: Variant[] = [];
  let announced: { height: number | undefined; line: number } | undefined;
  for (const [number, raw] of playlist.split("\n").entries()) {
    const line = raw.trim();
    if (line.startsWith("#EXT-X-STREAM-INF:")) {
      announced = { height: heightOf(readAttributes(line)), line: number };
    } else if (/^#EXT-X-(I-FRAME|IMAGE)-STREAM-INF:/.test(line)) {
      const attributes = readAttributes(line);
      const uri = attributes.get("URI");
      if (uri !== undefined) variants.push({ uri, height: heightOf(attributes), lines: [number] });
    } else if (line !== "" && !line.startsWith("#") && announced) {
      // The URI may stand below blank lines and comments.
      variants.push({ uri: line, height: announced.height, lines: [announced.line, number] });
      announced = undefined;
    }
  }
  return variants;
}

/** The files that a media playlist names: initialisation sections and segments, each once. */
export function readSegmentUris(playlist: string): string[] {
  const uris = playlist.split("\n").flatMap((raw) => {
    const line = raw.trim();
    if (line.startsWith("#EXT-X-MAP:")) return readAttributes(line).get("URI") ?? [];
    return line === "" || line.startsWith("#") ? [] : line;
  });
  return [...new Set(uris)];
}

/** RFC 8216 section 4.2: a quoted string may hold commas and equals signs. */
function readAttributes(line: string): Map<string, string> {
  const list = line.slice(line.indexOf(":") + 1);
  const attributes = new Map<string, string>();
  for (const [, name, quoted, plain] of list.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))/g))
    if (name !== undefined) attributes.set(name, quoted ?? plain ?? "");
  return attributes;
}

function heightOf(attributes: Map<string, string>): number | undefined {
  const [, height] = /^\d+x(\d+)$/i.exec(attributes.get("RESOLUTION")?.trim() ?? "") ?? [];
  return height === undefined ? undefined : Number(height);
}
