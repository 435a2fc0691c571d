import { readTags, type XmlTag } from "./xml-tags.ts";

/**
 * Leaves out the representations above a height (ISO/IEC 23009-1 section 5.3.5), and an adaptation set that has none left.
 * A representation without a height of its own has that of its adaptation set, as shaka-packager writes it where they are
 * all the same. Every other byte stays as it is.
 */
export function limitManifest(mpd: string, maxHeight: number): string {
  const cuts: { start: number; end: number }[] = [];
  let set:
    | { start: number; height: number | undefined; isImage: boolean; kept: number; dropped: number }
    | undefined;
  let dropping: number | undefined;
  for (const tag of readTags(mpd)) {
    if (tag.name === "AdaptationSet") {
      if (tag.kind === "start")
        set = { start: tag.start, height: heightOf(tag), isImage: isImage(tag), kept: 0, dropped: 0 };
      else if (tag.kind === "end" && set && set.kept === 0 && set.dropped > 0)
        cuts.push({ start: set.start, end: tag.end });
    } else if (tag.name === "Representation" && tag.kind === "end") {
      if (dropping !== undefined) cuts.push({ start: dropping, end: tag.end });
      dropping = undefined;
    } else if (tag.name === "Representation") {
      const tooHigh = !set?.isImage && (heightOf(tag) ?? set?.height ?? 0) > maxHeight;
      if (set) set[tooHigh ? "dropped" : "kept"] += 1;
      if (tooHigh && tag.kind === "empty") cuts.push(tag);
      else if (tooHigh) dropping = tag.start;
    }
  }
  return cut(mpd, cuts);
}

/** Thumbnails have the height of a sheet of many. */
function isImage({ attributes }: XmlTag): boolean {
  return attributes.get("contentType") === "image";
}

function heightOf({ attributes }: XmlTag): number | undefined {
  const height = attributes.get("height")?.trim();
  return height !== undefined && /^\d+$/.test(height) ? Number(height) : undefined;
}

/** The text without the cuts and the white space before each; a cut may lie within one that follows. */
function cut(text: string, cuts: readonly { start: number; end: number }[]): string {
  let kept = "";
  let from = 0;
  for (const { start, end } of cuts.toSorted(
    (left, right) => left.start - right.start || right.end - left.end,
  )) {
    if (start < from) continue;
    kept += text.slice(from, start).trimEnd();
    from = end;
  }
  return kept + text.slice(from);
}
