import type { Protection } from "./protection.ts";

/** What plays adaptive streams in a video element. Two implementations: shaka-player and hls.js. */
export interface Engine {
  readonly name: EngineName;
  /** Resolves once playback may begin; rejects with an `EngineError`. */
  load(manifestUrl: string, startSeconds: number): Promise<void>;
  selectAudio(id: string): void;
  /** Undefined turns subtitles off. */
  selectText(id: string | undefined): void;
  /** Undefined lets the engine adapt to the connection. */
  selectHeight(height: number | undefined): void;
  /** Goes on after a failure of the network, from where it stopped. */
  retry(): void;
  destroy(): Promise<void>;
}

export type EngineName = "shaka" | "hls";
export type Protocol = "dash" | "hls";

export interface EngineOptions {
  video: HTMLVideoElement;
  /** Lies over the video, for an engine that draws subtitles itself. */
  textContainer: HTMLElement;
  /** Asked for each request: puts the newest media grant in its URL. */
  rewrite: (url: string) => string;
  /** Undefined for what is not encrypted. */
  protection: Protection | undefined;
  listener: EngineListener;
}

export interface EngineListener {
  onTracks(tracks: Tracks): void;
  /** Another rendition is on the screen now. */
  onRendition(rendition: Rendition): void;
  onError(error: EngineError): void;
}

export interface Rendition {
  height: number;
  bitrateKbps: number;
}

export interface Track {
  id: string;
  language: string;
  role: TrackRole;
  channels?: number | undefined;
}

/** Of sound: main, commentary, description; of text: main, forced, sdh, as the contract calls them. */
export type TrackRole = "main" | "commentary" | "description" | "forced" | "sdh";

export interface Tracks {
  audio: Track[];
  audioId: string | undefined;
  text: Track[];
  textId: string | undefined;
  /** Of the pictures there are, the tallest first. */
  heights: number[];
}

export const noTracks: Tracks = { audio: [], audioId: undefined, text: [], textId: undefined, heights: [] };

export class EngineError extends Error {
  override readonly name = "EngineError";
  /** As the engine names it, with its name before: `shaka-1001`, `hls-fragLoadError`. */
  readonly code: string;
  /** Playback cannot go on by itself. */
  readonly fatal: boolean;
  /** What the server said, where that was the failure. */
  readonly httpStatus: number | undefined;

  /** There was no answer: the connection is gone, or too slow. */
  readonly unreachable: boolean;

  constructor(
    code: string,
    message: string,
    facts: { fatal: boolean; unreachable?: boolean; httpStatus?: number | undefined },
  ) {
    super(message);
    this.code = code;
    this.fatal = facts.fatal;
    this.unreachable = facts.unreachable ?? false;
    this.httpStatus = facts.httpStatus;
  }
}

/** shaka-player takes both protocols, hls.js the one of its name. */
export function chooseManifest<M extends { protocol: Protocol }>(
  name: EngineName,
  manifests: M[],
): M | undefined {
  const wanted: Protocol[] = name === "shaka" ? ["dash", "hls"] : ["hls"];
  return wanted.flatMap((protocol) => manifests.filter((manifest) => manifest.protocol === protocol))[0];
}

export function heightsOf(renditions: readonly { height?: number | null }[]): number[] {
  const heights = renditions.flatMap(({ height }) => (height ? [height] : []));
  return [...new Set(heights)].sort((a, b) => b - a);
}
