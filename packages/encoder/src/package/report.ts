import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { SoundFacts } from "../audio/sound-facts.ts";
import type { AdmittedSource } from "../source/admit.ts";
import type { DamageFacts } from "../damage/damage.ts";
import type { Warning } from "../errors.ts";
import { hashFile } from "../source/hash-file.ts";
import { jsonFields } from "../json-fields.ts";
import { camelKeys, snakeKeys } from "../key-case.ts";
import type { MarkerProposal } from "../markers/credits.ts";
import type { PosterCandidate } from "../pictures/stills.ts";
import type { Plan } from "../plan/plan.ts";
import type { VideoCodec } from "../plan/video-codecs.ts";
import type { ProtectionFacts } from "../protection/protection-facts.ts";
import type { AnalysisFacts } from "../quality/analysis-facts.ts";
import type { BeatenRendition } from "../quality/beaten.ts";
import type { RenditionScore } from "../quality/pool-scores.ts";
import type { RenditionFacts } from "../verify/verify-rendition.ts";

const contentTypes = {
  ".m3u8": "application/vnd.apple.mpegurl",
  ".mpd": "application/dash+xml",
  ".json": "application/json",
  ".jpg": "image/jpeg",
  ".vtt": "text/vtt",
} as const;

export interface PackageFile {
  path: string;
  sizeBytes: number;
  sha256: string;
  contentType: ContentType;
}

export type ContentType =
  | (typeof contentTypes)[keyof typeof contentTypes]
  | "video/mp4"
  | "audio/mp4"
  | "application/mp4";

export interface StageTiming {
  stage: string;
  wallSeconds: number;
  /** Of this process and its children; null where the system does not tell. */
  cpuSeconds: number | null;
}

/** `package.json` beside the manifests: everything that an engineer wants to know of a package later, and no path of the machine. */
export interface PackageReport {
  schema: 2;
  /** Over every file but this one: equal for equal media. */
  mediaDigest: string;
  /** Of the master and the settings that the package was asked for with. */
  encodeKey: string;
  source: SourceFacts;
  durationSeconds: number;
  frames: number;
  renditions: ReportedRendition[];
  /** Encoded, and left out because another is as good for less. */
  droppedRenditions: BeatenRendition[];
  plan: Plan;
  /** Absent where it is not encrypted. */
  protection?: ProtectionFacts;
  /** What is lost of a master whose damage was tolerated; absent where any was refused. */
  damage?: DamageFacts;
  /** How the film's own ladder was found; null where it has none. */
  analysis: AnalysisFacts | null;
  hlsPath: string;
  dashPath: string;
  posterPath: string;
  /** Frames that can serve as poster, the best first. */
  posters: PosterCandidate[];
  thumbnailsPath: string;
  /** Nothing is marked before somebody says so. */
  proposedMarkers: MarkerProposal[];
  files: PackageFile[];
  tools: { ffmpeg: string; ffprobe: string; packager: string };
  commands: CommandFacts[];
  chunks: ChunkFacts[];
  sound: SoundFacts[];
  timings: StageTiming[];
  warnings: Warning[];
}

/** SDR video has one of both. */
export type ReportedRendition = Omit<RenditionFacts, "cuts"> & {
  vmaf?: RenditionScore;
  ssim?: RenditionScore;
};

export function scoreField(score: RenditionScore | undefined): Pick<ReportedRendition, "vmaf" | "ssim"> {
  if (!score) return {};
  return score.model === "ssim" ? { ssim: score } : { vmaf: score };
}

/** What was run, without folders of the machine. */
export interface CommandFacts {
  name: string;
  argv: string[];
}

/** How one chunk came to be. */
export interface ChunkFacts {
  key: string;
  codec: VideoCodec;
  firstFrame: number;
  frames: number;
  /** The machine that encoded it. */
  worker: string;
  /** An earlier run had encoded it. */
  reused: boolean;
  wallSeconds: number;
}

export type SourceFacts = Omit<AdmittedSource, "path" | "modifiedMs" | "warnings"> & {
  filename: string;
  sha256: string;
};

export function formatReport(report: PackageReport): string {
  return `${JSON.stringify(snakeKeys(report), null, 2)}\n`;
}

/** Reads a report that this version wrote; null for any other. */
export function parseReport(text: string): PackageReport | null {
  try {
    const value = camelKeys(JSON.parse(text));
    return isReport(value) ? value : null;
  } catch {
    return null;
  }
}

function isReport(value: unknown): value is PackageReport {
  const fields = jsonFields(value);
  return (
    fields.number("schema") === 2 && fields.list("files").length > 0 && fields.list("renditions").length > 0
  );
}

/** Every file of a package with its hash, in order of path. */
export async function listFiles(folder: string, signal?: AbortSignal): Promise<PackageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .toSorted(inByteOrder);
  const files: PackageFile[] = [];
  for (const path of paths) {
    const full = join(folder, path);
    const { size } = await stat(full);
    files.push({
      path,
      sizeBytes: size,
      sha256: await hashFile(full, signal),
      contentType: contentTypeOf(path),
    });
  }
  return files;
}

/** As `sha256sum` prints the files in byte order of their paths; the contract's PackageDigest. */
export function packageDigest(files: readonly PackageFile[]): string {
  const lines = files
    .toSorted((a, b) => inByteOrder(a.path, b.path))
    .map(({ sha256, path }) => `${sha256}  ${path}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** Segments carry no extension of their kind; their folder's name does. */
export function contentTypeOf(path: string): ContentType {
  const known = Object.entries(contentTypes).find(([extension]) => extension === posix.extname(path));
  if (known) return known[1];
  if (path.startsWith("video-")) return "video/mp4";
  return path.startsWith("audio-") ? "audio/mp4" : "application/mp4";
}

/** Paths are ASCII, so code units are bytes. */
function inByteOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
