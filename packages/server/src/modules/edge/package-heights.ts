import type { Objects } from "../../engines/objects/objects.ts";
import { readObject } from "../../engines/objects/read-object.ts";
import { readSegmentUris, readVariants } from "./hls-playlist.ts";

/** The height of each file of a package that belongs to a video rendition, by its path in the package. */
export type PackageHeights = ReadonlyMap<string, number>;

export type HeightsOf = (prefix: string, hlsPath: string) => Promise<PackageHeights>;

/** A two-hour film with six renditions has about 11,000 files, 1 MB here. */
const maxKnown = 32;

/**
 * Learns from the HLS playlists which file is how high; DASH plays the same segments. Packages never change, so what was
 * read stays true; only grants with a limit ask.
 */
export function rememberHeights(objects: Objects): HeightsOf {
  const known = new Map<string, Promise<PackageHeights>>();
  return (prefix, hlsPath) => {
    const heights = known.get(prefix) ?? readHeights(objects, prefix, hlsPath);
    known.delete(prefix);
    if (known.size >= maxKnown) known.delete(known.keys().next().value ?? prefix);
    known.set(prefix, heights);
    heights.catch(() => known.delete(prefix));
    return heights;
  };
}

async function readHeights(objects: Objects, prefix: string, hlsPath: string): Promise<PackageHeights> {
  const heights = new Map<string, number>();
  // A file that two renditions share is as low as the lowest.
  const note = (path: string, height: number) =>
    heights.set(path, Math.min(height, heights.get(path) ?? Infinity));
  for (const { uri, height } of readVariants(await readText(objects, `${prefix}/${hlsPath}`))) {
    if (height === undefined) continue;
    const path = resolvePath(hlsPath, uri);
    note(path, height);
    const segments = readSegmentUris(await readText(objects, `${prefix}/${path}`));
    for (const segment of segments) note(resolvePath(path, segment), height);
  }
  return heights;
}

async function readText(objects: Objects, key: string): Promise<string> {
  const bytes = await readObject(objects, key);
  if (bytes === undefined) throw new Error(`The object ${key} is not there`);
  return bytes.toString("utf8");
}

/** A URI in a playlist, as a path in the package (RFC 3986 section 5). */
function resolvePath(playlist: string, uri: string): string {
  return new URL(uri, `http://package/${playlist}`).pathname.slice(1);
}
