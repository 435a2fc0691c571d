import type { DashManifest } from "../package/dash-manifest.ts";
import type { MasterPlaylist } from "../package/hls-manifest.ts";
import type { Plan } from "../plan/plan.ts";
import type { ContentKeys } from "../protection/key-server.ts";

export interface VerifyOptions {
  ffprobe: string;
  /** The package, with everything but its report. */
  folder: string;
  plan: Plan;
  /** Of a package that is encrypted. */
  encryption?: Encryption | undefined;
  signal?: AbortSignal | undefined;
  onProgress?(fraction: number): void;
}

/** What every check reads and where it reports; a package is good when no problem was found. */
export interface Inspection extends VerifyOptions {
  hls: MasterPlaylist;
  dash: DashManifest;
  problems: string[];
}

/** Its keys, and what its renditions are held against once they are decrypted. */
export interface Encryption {
  contentKeys: ContentKeys;
  ffmpeg: string;
  renditionFolder: string;
}
