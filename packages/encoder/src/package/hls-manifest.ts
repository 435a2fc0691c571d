import { posix } from "node:path";

/** Reads the playlists that the packager writes (RFC 8216): just what a check of a package needs. */
export interface MasterPlaylist {
  /** Paths from the package's root. */
  variants: string[];
  iframes: string[];
  images: string[];
  media: { type: string; language: string | null; path: string }[];
}

export interface MediaPlaylist {
  init: string | null;
  segments: { path: string; seconds: number }[];
  /** `EXT-X-ENDLIST`: a film, not a live stream that players reload for ever. */
  ended: boolean;
}

export function readMasterPlaylist(text: string): MasterPlaylist {
  const lines = linesOf(text);
  const master: MasterPlaylist = { variants: [], iframes: [], images: [], media: [] };
  lines.forEach((line, index) => {
    const tag = attributes(line);
    if (line.startsWith("#EXT-X-STREAM-INF:")) master.variants.push(lines[index + 1] ?? "");
    else if (line.startsWith("#EXT-X-I-FRAME-STREAM-INF:")) master.iframes.push(tag.get("URI") ?? "");
    else if (line.startsWith("#EXT-X-IMAGE-STREAM-INF:")) master.images.push(tag.get("URI") ?? "");
    else if (line.startsWith("#EXT-X-MEDIA:")) {
      master.media.push({
        type: tag.get("TYPE") ?? "",
        language: tag.get("LANGUAGE") ?? null,
        path: tag.get("URI") ?? "",
      });
    }
  });
  return master;
}

/** URIs are relative to the playlist; the answer's are relative to the package. */
export function readMediaPlaylist(text: string, playlistPath: string): MediaPlaylist {
  const folder = posix.dirname(playlistPath);
  const playlist: MediaPlaylist = { init: null, segments: [], ended: false };
  let seconds = 0;
  for (const line of linesOf(text)) {
    if (line.startsWith("#EXTINF:")) seconds = Number.parseFloat(line.slice("#EXTINF:".length));
    else if (line.startsWith("#EXT-X-MAP:"))
      playlist.init = posix.join(folder, attributes(line).get("URI") ?? "");
    else if (line === "#EXT-X-ENDLIST") playlist.ended = true;
    else if (!line.startsWith("#")) playlist.segments.push({ path: posix.join(folder, line), seconds });
  }
  return playlist;
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== "");
}

function attributes(line: string): Map<string, string> {
  const pairs = line.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^,]*))/g);
  return new Map([...pairs].map(([, name = "", quoted, bare = ""]) => [name, quoted ?? bare]));
}
