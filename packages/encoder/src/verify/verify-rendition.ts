import type { VideoRendition } from "../plan/video-rendition.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Representation } from "../package/dash-manifest.ts";
import { systemErrorCode } from "../errors.ts";
import { fps } from "../plan/frame-rate.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { readHeaderBoxes } from "../package/header-boxes.ts";
import { readSegment, readTimescale, type SegmentFacts } from "../package/fragments.ts";
import { type MediaPlaylist, readMediaPlaylist } from "../package/hls-manifest.ts";
import { jsonFields } from "../json-fields.ts";
import { layout } from "../package/layout.ts";
import type { AudioRole } from "../audio/audio-role.ts";
import type { AudioRendition } from "../audio/plan-audio.ts";
import type { TextRendition } from "../text/plan-text.ts";
import type { TextRole } from "../text/text-role.ts";
import { renditionFile } from "../work/rendition-file.ts";
import { isAsPlanned, shownOfStream } from "./expected-stream.ts";
import type { Inspection } from "./inspection.ts";

/** What one rendition of the finished package was measured to be. */
export interface RenditionFacts {
  id: string;
  type: "video" | "audio" | "text";
  /** RFC 6381, as in the manifests. */
  codec: string;
  width?: number;
  height?: number;
  frameRate?: number;
  language?: string;
  role?: AudioRole | TextRole;
  channels?: number;
  bitrateBps: number;
  /** Of the heaviest segment. */
  peakBitrateBps: number;
  durationSeconds: number;
  sampleCount: number;
  /** Where each segment begins, in units of the timescale. */
  cuts: number[];
}

interface Segment extends SegmentFacts {
  path: string;
  sizeBytes: number;
}

/** Reads every segment of a video or audio rendition and holds it against both manifests; null where it cannot be read at all. */
export async function verifyRendition(
  inspection: Inspection,
  rendition: VideoRendition | AudioRendition,
): Promise<RenditionFacts | null> {
  const { problems, folder } = inspection;
  const { id } = rendition;
  const found = await findInManifests(inspection, id);
  if (!found) return null;
  const { playlist, representation } = found;
  const timescale = await readFile(join(folder, layout.init(id)))
    .then(readTimescale)
    .catch(() => null);
  const segments = await readSegments(inspection, playlist);
  if (timescale === null || segments.length === 0) {
    problems.push(`${id} has no init segment or no media segment that can be read`);
    return null;
  }
  checkTimeline(inspection, id, { segments, representation, playlist, timescale });
  if ("width" in rendition) checkGops(inspection, id, segments);
  await checkStream(inspection, rendition, segments[0]?.path ?? "");
  return factsOf(inspection, rendition, { segments, representation, timescale });
}

/** The sidecar has a playlist and a representation whose segments all exist, and no cue was lost on the way. */
export async function verifyText(
  inspection: Inspection,
  { id, language, role }: TextRendition,
): Promise<RenditionFacts | null> {
  const found = await findInManifests(inspection, id, "text");
  if (!found) return null;
  const { playlist, representation } = found;
  const paths = [...playlist.segments, ...representation.segments].map(({ path }) => path);
  const files = await Promise.all(paths.map((path) => readNonEmpty(inspection, path)));
  if (!files.some((bytes) => bytes?.includes("-->"))) inspection.problems.push(`${id} has no cue`);
  const durationSeconds = playlist.segments.reduce((sum, { seconds }) => sum + seconds, 0);
  const sizes = files.slice(playlist.segments.length).map((bytes) => bytes?.length ?? 0);
  const bits = 8 * sizes.reduce((sum, size) => sum + size, 0);
  return {
    id,
    type: "text",
    codec: representation.codecs || "wvtt",
    language,
    role,
    durationSeconds,
    bitrateBps: Math.round(bits / Math.max(1, durationSeconds)),
    peakBitrateBps: Math.round((8 * Math.max(0, ...sizes)) / inspection.plan.segmentSeconds),
    sampleCount: playlist.segments.length,
    cuts: [],
  };
}

async function findInManifests({ folder, hls, dash, problems }: Inspection, id: string, type = "media") {
  const path = layout.playlist(id);
  const listed = [...hls.variants, ...hls.media.map((media) => media.path)].includes(path);
  const representation = dash.representations.find(({ init }) => init === layout.init(id));
  if (!listed) problems.push(`${layout.hls} does not list ${id}`);
  if (!representation) problems.push(`${layout.dash} does not list ${id}`);
  if (!listed || !representation) return null;
  const playlist = readMediaPlaylist(await readFile(join(folder, path), "utf8").catch(() => ""), path);
  if (!playlist.ended) problems.push(`${path} has no end`);
  const [inHls, inDash] = [playlist, representation].map(({ segments }) =>
    segments.map((segment) => segment.path).join("\n"),
  );
  if (type === "media" && inHls !== inDash) problems.push(`the manifests name different segments of ${id}`);
  return { playlist, representation };
}

async function readSegments({ folder, problems }: Inspection, playlist: MediaPlaylist): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const { path } of playlist.segments) {
    const found = await readSegmentFile(join(folder, path));
    if (typeof found === "string") problems.push(`${path} is ${found}`);
    else segments.push({ ...found, path });
  }
  return segments;
}

/** Its facts, or what is wrong with it. */
async function readSegmentFile(path: string): Promise<(SegmentFacts & { sizeBytes: number }) | string> {
  try {
    const { bytes, sizeBytes } = await readHeaderBoxes(path);
    if (sizeBytes === 0) return "empty";
    const facts = readSegment(bytes);
    return facts ? { ...facts, sizeBytes } : "not a media segment";
  } catch (error) {
    if (error instanceof RangeError) return "not a media segment";
    if (systemErrorCode(error) !== undefined) return "missing";
    throw error;
  }
}

async function readNonEmpty({ folder, problems }: Inspection, path: string): Promise<Buffer | null> {
  const bytes = await readFile(join(folder, path)).catch(() => null);
  if (bytes && bytes.length > 0) return bytes;
  problems.push(`${path} is ${bytes ? "empty" : "missing"}`);
  return null;
}

interface Timeline {
  segments: readonly Segment[];
  playlist: MediaPlaylist;
  representation: Representation;
  timescale: number;
}

/** Neither gap nor overlap, and the times of both manifests; audio may differ by its encoder delay, which an edit list takes away. */
function checkTimeline(
  { problems }: Inspection,
  id: string,
  { segments, playlist, representation, timescale }: Timeline,
): void {
  let expected = 0;
  let hlsSeconds = 0;
  for (const [index, segment] of segments.entries()) {
    const inDash = representation.segments[index];
    if (segment.start !== expected)
      problems.push(`${segment.path} begins at ${segment.start}, not at ${expected}`);
    const drift = Math.abs(segment.start / timescale - (inDash?.start ?? 0) / representation.timescale);
    if (drift > 0.1)
      problems.push(`${segment.path} begins ${drift.toFixed(2)} s off its place in ${layout.dash}`);
    if (Math.abs(segment.start / timescale - hlsSeconds) > 0.1 + index * 0.001) {
      problems.push(
        `${segment.path} is ${(segment.start / timescale - hlsSeconds).toFixed(2)} s off its place in ${layout.playlist(id)}`,
      );
    }
    expected = segment.start + segment.duration;
    hlsSeconds += playlist.segments[index]?.seconds ?? 0;
  }
}

function checkGops({ plan, problems }: Inspection, id: string, segments: readonly Segment[]): void {
  for (const { path, sampleCount, syncSamples } of segments) {
    const wanted = Array.from(
      { length: Math.ceil(sampleCount / plan.gopFrames) },
      (_, gop) => gop * plan.gopFrames,
    );
    if (syncSamples.join() !== wanted.join()) {
      problems.push(`${path} of ${id} has key frames at ${syncSamples.join()} instead of ${wanted.join()}`);
    }
  }
}

/**
 * A decoder's view of the init segment with the first media segment. An encrypted one is noise to it; there it looks at what was
 * encoded, which the segments, decrypted, are.
 */
async function checkStream(
  { ffprobe, folder: packaged, problems, encryption, signal }: Inspection,
  rendition: VideoRendition | AudioRendition,
  first: string,
): Promise<void> {
  const guards = ["-protocol_whitelist", "concat,file", "-format_whitelist", "mov"];
  const shown = ["-show_entries", `stream=${shownOfStream}`, "-of", "json"];
  const [folder, input] = encryption
    ? [encryption.renditionFolder, `file:${renditionFile(rendition.id)}`]
    : [packaged, `concat:${layout.init(rendition.id)}|${first}`];
  const { stdout } = await readProgram(ffprobe, [...guards, "-v", "error", ...shown, "-i", input], {
    folder,
    signal,
  });
  const stream = jsonFields(JSON.parse(stdout || "{}")).list("streams")[0];
  if (!isAsPlanned(rendition, stream)) problems.push(`${rendition.id} does not decode as it was planned`);
}

function soundOf({ language, role, channels }: AudioRendition) {
  return { type: "audio", language, role, channels } as const;
}

function factsOf(
  { plan }: Inspection,
  rendition: VideoRendition | AudioRendition,
  { segments, representation, timescale }: Omit<Timeline, "playlist">,
): RenditionFacts {
  const durationSeconds = segments.reduce((sum, { duration }) => sum + duration, 0) / timescale;
  const bytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  // A short last segment says nothing about the peak, unless it is the only one.
  const whole = segments.length > 1 ? segments.slice(0, -1) : segments;
  return {
    id: rendition.id,
    ...("width" in rendition
      ? { type: "video", width: rendition.width, height: rendition.height, frameRate: fps(plan.frameRate) }
      : soundOf(rendition)),
    codec: representation.codecs,
    bitrateBps: Math.round((bytes * 8) / durationSeconds),
    peakBitrateBps: Math.round(
      Math.max(...whole.map(({ sizeBytes, duration }) => (sizeBytes * 8 * timescale) / duration)),
    ),
    durationSeconds,
    sampleCount: segments.reduce((sum, { sampleCount }) => sum + sampleCount, 0),
    cuts: segments.map(({ start }) => start),
  };
}
