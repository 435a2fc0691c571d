import { extname } from "node:path/posix";

const contentTypes: Readonly<Record<string, string>> = {
  ".m3u8": "application/vnd.apple.mpegurl",
  ".mpd": "application/dash+xml",
  ".m4s": "video/mp4",
  ".mp4": "video/mp4",
  ".m4a": "audio/mp4",
  ".vtt": "text/vtt; charset=utf-8",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".json": "application/json",
};

/** What a file of a package is served as. */
export function contentTypeOf(path: string): string {
  return contentTypes[extname(path)] ?? "application/octet-stream";
}

export type ManifestKind = "hls" | "dash";

export function manifestKindOf(path: string): ManifestKind | undefined {
  const extension = extname(path);
  return extension === ".m3u8" ? "hls" : extension === ".mpd" ? "dash" : undefined;
}
