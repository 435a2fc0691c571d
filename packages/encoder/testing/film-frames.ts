import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filmToEncode } from "../src/burn/film-to-encode.ts";
import { subtitleInput, subtitleInputs } from "../src/burn/overlay-subtitle.ts";
import { type Plan, planEncode, type PlanOptions } from "../src/plan/plan.ts";
import type { VideoRendition } from "../src/plan/video-rendition.ts";
import { runFfmpeg } from "../src/programs/ffmpeg.ts";
import { admit, type AdmittedSource } from "../src/source/admit.ts";
import { probe } from "../src/source/probe.ts";
import { planChunkTask } from "../src/video/chunk-task.ts";
import { videoInput } from "../src/video/filter-graph.ts";
import { readFilm } from "../src/video/read-film.ts";
import { programs, temporaryFolder } from "./clips.ts";

/** A master up to where it would be encoded. */
export interface PlannedFilm {
  source: AdmittedSource;
  plan: Plan;
  /** Of the warnings. */
  codes: string[];
}

export async function planFilm(input: string, options: PlanOptions = {}): Promise<PlannedFilm> {
  const ffprobe = (await programs()).ffprobe.path;
  const source = await admit(ffprobe, await probe(ffprobe, input));
  const { plan, warnings } = planEncode(source, { subtitles: [], audioFiles: [] }, options);
  return { source, plan, codes: warnings.map(({ code }) => code).filter((code) => code !== "no_audio") };
}

export interface Pictures {
  /** From which frame on, and how many; null for all. */
  firstFrame?: number;
  frames?: number | null;
  /** The best one unless it is given. */
  rendition?: VideoRendition;
  /** What is done to them before they are written. */
  filter?: string;
  options: readonly string[];
}

/** Writes the pictures that would be encoded for a rendition, as an encode of a chunk that begins there gets them. */
export async function readPictures({ source, plan }: PlannedFilm, wanted: Pictures): Promise<Buffer> {
  const { firstFrame = 0, frames = null, rendition = plan.video[0], filter = "null", options } = wanted;
  if (!rendition) throw new Error("The plan has no rendition.");
  const folder = await temporaryFolder();
  const found = await programs();
  const { path: ffmpeg, version: ffmpegVersion } = found.ffmpeg;
  const chunk = { index: 0, firstFrame, frames };
  const master = { ...source, sha256: "" };
  const task = planChunkTask({ source: master, plan, ffmpegVersion, renditions: [rendition], chunk });
  const indexed = await filmToEncode({ source, plan, programs: found, signal: undefined }, folder);
  const film = { ffmpeg, source: indexed, folder, ...task };
  const moreInputs = subtitleInputs(indexed, task.seekSeconds);
  const limit = frames === null ? [] : ["-frames:v", String(frames)];
  await readFilm(film, (input, pictures) => {
    const graph = task.filterGraph.replace(videoInput, pictures).replace(subtitleInput, "[1:0]");
    const filterGraph = `${graph};[v0]${filter}[out]`;
    const outputs = [{ path: "pictures", options: ["-map", "[out]", ...limit, ...options] }];
    return runFfmpeg({ program: ffmpeg, folder, input, moreInputs, filterGraph, outputs });
  });
  return readFile(join(folder, "pictures"));
}

/** A hash of every picture, in order. */
export async function frameHashes(film: PlannedFilm, part: Partial<Pictures> = {}): Promise<string[]> {
  const text = await readPictures(film, { ...part, options: ["-c:v", "rawvideo", "-f", "framemd5"] });
  return text
    .toString()
    .split("\n")
    .flatMap((line) => /^0,.*, ([0-9a-f]{32})$/.exec(line)?.[1] ?? []);
}

/** Red, green and blue of 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

export interface Picture {
  width: number;
  height: number;
  at(x: number, y: number): Rgb;
}

/** One picture as it would be encoded, as a screen of BT.709 shows it. */
export async function pictureAt(
  film: PlannedFilm,
  frame: number,
  rendition = film.plan.video[0],
): Promise<Picture> {
  if (!rendition) throw new Error("The plan has no rendition.");
  const { width, height } = rendition;
  const bytes = await readPictures(film, {
    firstFrame: frame,
    frames: 1,
    rendition,
    filter: "scale=in_color_matrix=bt709:in_range=limited:out_range=full,format=rgb24",
    options: ["-c:v", "rawvideo", "-f", "rawvideo"],
  });
  const at = (x: number, y: number): Rgb => {
    const place = (Math.floor(y) * width + Math.floor(x)) * 3;
    return [bytes.readUInt8(place), bytes.readUInt8(place + 1), bytes.readUInt8(place + 2)];
  };
  return { width, height, at };
}

/** A bar that moves on by its own width in each frame of its source, whose number it thus tells, counted anew after each `places`. */
export const clockBar = { width: 8, places: 30, height: 48 };

export function clockBarInput(rate: string, seconds: number): string[] {
  const { width, places, height } = clockBar;
  const bar = `if(eq(floor(X/${width}),mod(N,${places})),200,40)`;
  const source = `nullsrc=s=${width * places}x${height}:r=${rate}:d=${seconds},geq=lum='${bar}':cb=128:cr=128`;
  return ["-f", "lavfi", "-i", `${source},setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709`];
}

/** Which frame of the clock bar's source each picture shows; half a number where it shows two. */
export async function clockOf(film: PlannedFilm, part: Partial<Pictures> = {}): Promise<number[]> {
  const { width, places } = clockBar;
  const row = `format=gray,crop=iw:1:0:ih/2,scale=${width * places}:1:flags=neighbor`;
  const bytes = await readPictures(film, {
    ...part,
    filter: row,
    options: ["-c:v", "rawvideo", "-f", "rawvideo"],
  });
  const rows = Array.from({ length: bytes.length / (width * places) }, (_, index) =>
    bytes.subarray(index * width * places, (index + 1) * width * places),
  );
  return rows.map((pixels) => {
    const bright = [...pixels.entries()].flatMap(([x, value]) => (value > 110 ? [x] : []));
    const middle = bright.reduce((sum, x) => sum + x, 0) / bright.length;
    return Math.round(((middle + 0.5) / width - 0.5) * 2) / 2;
  });
}
