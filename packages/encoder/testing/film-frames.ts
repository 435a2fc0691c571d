import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fps } from "../src/plan/frame-rate.ts";
import { type Plan, planEncode, type PlanOptions } from "../src/plan/plan.ts";
import type { VideoRendition } from "../src/plan/plan-video.ts";
import { runFfmpeg } from "../src/programs/ffmpeg.ts";
import { admit, type AdmittedSource } from "../src/source/admit.ts";
import { indexedSource } from "../src/source/indexed-source.ts";
import { probe } from "../src/source/probe.ts";
import { planChunkTask } from "../src/video/chunk-task.ts";
import { videoInput } from "../src/video/filter-graph.ts";
import { readFilm } from "../src/video/read-film.ts";
import { programs, temporaryFolder } from "./clips.ts";

/** A master up to where it would be encoded. */
export interface PlannedFilm {
  source: AdmittedSource;
  plan: Plan;
  codes: string[];
}

export async function planFilm(input: string, options: PlanOptions = {}): Promise<PlannedFilm> {
  const ffprobe = (await programs()).ffprobe.path;
  const source = await admit(ffprobe, await probe(ffprobe, input));
  const { plan, warnings } = planEncode(source, { subtitles: [], audioFiles: [] }, options);
  return { source, plan, codes: warnings.map(({ code }) => code).filter((code) => code !== "no_audio") };
}

/** Runs a graph of the plan over the film and writes what would have been encoded: of one rendition, from a frame on. */
async function readPictures(
  { source, plan }: PlannedFilm,
  chunk: { firstFrame: number; frames: number | null },
  output: { name: string; filter: string; options: readonly string[]; rendition?: VideoRendition },
): Promise<Buffer> {
  const folder = await temporaryFolder();
  const ffmpeg = (await programs()).ffmpeg;
  const rendition = output.rendition ?? plan.video[0];
  if (!rendition) throw new Error("The plan has no rendition.");
  const parts = { source: { ...source, sha256: "" }, plan, ffmpegVersion: ffmpeg.version };
  const task = planChunkTask({ ...parts, renditions: [rendition], chunk: { index: 0, ...chunk } });
  const indexed = await indexedSource({ ffmpeg: ffmpeg.path, source, folder });
  const limit = chunk.frames === null ? [] : ["-frames:v", String(chunk.frames)];
  const film = { ffmpeg: ffmpeg.path, source: indexed, folder, ...task };
  await readFilm(film, (input, pictures) =>
    runFfmpeg({
      program: ffmpeg.path,
      folder,
      input,
      filterGraph: `${task.filterGraph.replace(videoInput, pictures)};[v0]${output.filter}[out]`,
      outputs: [{ path: output.name, options: ["-map", "[out]", ...limit, ...output.options] }],
    }),
  );
  return readFile(join(folder, output.name));
}

/** A hash of every picture, in order. */
export async function frameHashes(
  film: PlannedFilm,
  firstFrame = 0,
  frames: number | null = null,
): Promise<string[]> {
  const output = { name: "frames.md5", filter: "null", options: ["-c:v", "rawvideo", "-f", "framemd5"] };
  const text = (await readPictures(film, { firstFrame, frames }, output)).toString();
  return text.split("\n").flatMap((line) => /^0,.*, ([0-9a-f]{32})$/.exec(line)?.[1] ?? []);
}

/** The hashes of the pictures of chunks of so many seconds, one after the other. */
export async function chunkedFrameHashes(film: PlannedFilm, seconds: number): Promise<string[]> {
  const { segmentFrames, expectedFrames, frameRate } = film.plan;
  const length = Math.max(1, Math.round((seconds * fps(frameRate)) / segmentFrames)) * segmentFrames;
  const hashes: string[] = [];
  for (let first = 0; first < expectedFrames; first += length) {
    const isLast = first + length >= expectedFrames;
    hashes.push(...(await frameHashes(film, first, isLast ? null : length)));
  }
  return hashes;
}

export interface Picture {
  width: number;
  height: number;
  /** Red, green and blue of 0 to 255, as a screen of BT.709 shows them. */
  at(x: number, y: number): [red: number, green: number, blue: number];
}

/** One picture as it would be encoded, seen in SDR. */
export async function pictureAt(
  film: PlannedFilm,
  frame: number,
  rendition: VideoRendition | undefined = film.plan.video[0],
): Promise<Picture> {
  if (!rendition) throw new Error("The plan has no rendition.");
  const { width, height } = rendition;
  const filter = "scale=in_color_matrix=bt709:in_range=limited:out_range=full,format=rgb24";
  const output = { name: "picture.rgb", filter, options: ["-c:v", "rawvideo", "-f", "rawvideo"], rendition };
  const bytes = await readPictures(film, { firstFrame: frame, frames: 1 }, output);
  const at = (x: number, y: number): [number, number, number] => {
    const place = (y * width + x) * 3;
    return [bytes.readUInt8(place), bytes.readUInt8(place + 1), bytes.readUInt8(place + 2)];
  };
  return { width, height, at };
}
