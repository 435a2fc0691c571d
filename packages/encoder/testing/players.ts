import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);

interface MediaMember {
  language?: string;
  default?: boolean;
  autoselect?: boolean;
  forced?: boolean;
  characteristics?: string;
  uri?: string;
}

export interface ParsedManifest {
  playlists?: { attributes: Record<string, unknown> }[];
  iFramePlaylists?: unknown[];
  mediaGroups: Record<string, Record<string, Record<string, MediaMember>>>;
  segments: { duration: number; uri: string; byterange?: { offset: number; length: number } }[];
  duration?: number;
}

interface Parsed {
  manifest: ParsedManifest;
  /** Everything that the parser complained of. */
  warnings: string[];
}

/** What m3u8-parser, the parser of video.js, makes of a playlist. */
export async function parseHls(folder: string, path: string): Promise<Parsed> {
  const { Parser } = require("m3u8-parser");
  const parser = new Parser();
  const warnings: string[] = [];
  // `info` only says which defaults of the RFC apply.
  parser.on("warn", ({ message }: { message: string }) => warnings.push(message));
  parser.push(await readFile(join(folder, path), "utf8"));
  parser.end();
  return { manifest: parser.manifest, warnings };
}

/** The same of mpd-parser. */
export async function parseDash(folder: string, path: string): Promise<Parsed> {
  const { parse } = require("mpd-parser");
  const warnings: string[] = [];
  const eventHandler = ({ message }: { message: string }): void => void warnings.push(message);
  const manifest = parse(await readFile(join(folder, path), "utf8"), {
    manifestUri: "https://films.example/",
    eventHandler,
  });
  return { manifest, warnings };
}
