/** A picture of the scrub bar: a tile of a sheet, for a span of the film. */
export interface Thumbnail {
  startSeconds: number;
  endSeconds: number;
  /** Absolute, without the fragment. */
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Reads a WebVTT track whose cues are `sheet.jpg#xywh=x,y,width,height` (Media Fragments URI 1.0, section 4.2.2). */
export function parseThumbnails(text: string, trackUrl: string): Thumbnail[] {
  return text.split(/\r?\n\r?\n/).flatMap((block) => {
    const lines = block.trim().split(/\r?\n/);
    const timing = lines.findIndex((line) => line.includes("-->"));
    const [start, end] = (lines[timing] ?? "").split("-->").map(parseStamp);
    const target = lines[timing + 1];
    if (timing < 0 || start === undefined || end === undefined || target === undefined) return [];
    const [address = "", fragment = ""] = target.split("#xywh=");
    const [x, y, width, height] = fragment
      .replace(/^pixel:/, "")
      .split(",")
      .map(Number);
    if (x === undefined || y === undefined || !width || !height) return [];
    const url = new URL(address, trackUrl).href;
    return [{ startSeconds: start, endSeconds: end, url, x, y, width, height }];
  });
}

/** The one at a time: the last that has begun. */
export function thumbnailAt(thumbnails: readonly Thumbnail[], seconds: number): Thumbnail | undefined {
  let low = 0;
  let high = thumbnails.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((thumbnails[middle]?.startSeconds ?? Infinity) <= seconds) low = middle + 1;
    else high = middle;
  }
  return thumbnails[low - 1] ?? thumbnails[0];
}

/** `01:02:03.500` or `02:03.500`, and whatever settings follow. */
function parseStamp(stamp: string): number | undefined {
  const match = /^(?:(\d+):)?(\d{2}):(\d{2})[.,](\d{3})/.exec(stamp.trim());
  if (!match) return undefined;
  const [, hours = "0", minutes, seconds, ms] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(ms) / 1000;
}
