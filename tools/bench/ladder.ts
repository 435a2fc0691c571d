import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fps } from "../../packages/encoder/src/plan/frame-rate.ts";
import { type Plan, planEncode } from "../../packages/encoder/src/plan/plan.ts";
import type { VideoRendition } from "../../packages/encoder/src/plan/video-rendition.ts";
import { findPrograms, type Programs } from "../../packages/encoder/src/programs/programs.ts";
import { analyseTitle, type LadderAnalysis } from "../../packages/encoder/src/quality/analyse.ts";
import { type Viewing, viewingOf } from "../../packages/encoder/src/quality/metric.ts";
import { planSampling, shortestSeconds } from "../../packages/encoder/src/quality/sampling.ts";
import { scoreFrames } from "../../packages/encoder/src/quality/score-frames.ts";
import { admit, type AdmittedSource } from "../../packages/encoder/src/source/admit.ts";
import { hashFile } from "../../packages/encoder/src/source/hash-file.ts";
import { probe } from "../../packages/encoder/src/source/probe.ts";
import { readChunkFrames } from "../../packages/encoder/src/video/chunk-frames.ts";
import { planChunkTask } from "../../packages/encoder/src/video/chunk-task.ts";
import { encodeChunk } from "../../packages/encoder/src/video/encode-chunk.ts";
import { openChunkFolder } from "../../packages/encoder/src/work/chunk-folder.ts";
import { bdRate, type RatedPoint } from "./bd-rate.ts";
import type { Bench, Figure } from "./bench.ts";
import { childCpuOf } from "./cpu.ts";
import { type BenchClip, makeClips } from "./ladder-clips.ts";
import { drawLadders, type DrawnLadders } from "./ladder-plot.ts";

const plotFile = join(import.meta.dirname, "../../.bench/ladder.svg");
/** Fewer to try it; the figure is of all. */
const clipCount = Number(process.env["FLIX_CLIPS"] ?? Number.POSITIVE_INFINITY);
/** The clips are too short for the four that a title has. */
const samplesPerClip = 2;
const featureSeconds = 7200;
/** Frames of all kinds, as this is part of no GOP. */
const everyFrames = 7;

export const ladder: Bench = {
  question: "How many bits does a ladder of the film's own save against Apple's, at the same VMAF?",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    try {
      const programs = await findPrograms();
      const results: ClipResult[] = [];
      const clips = await makeClips(programs.ffmpeg.path, folder);
      for (const clip of clips.slice(0, clipCount)) results.push(await compare(programs, clip));
      await mkdir(dirname(plotFile), { recursive: true });
      await writeFile(plotFile, drawLadders(results.map(({ drawn }) => drawn)));
      return [...results.flatMap(clipFigures), ...meanFigures(results), ...costFigures(results)];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface ClipResult {
  drawn: DrawnLadders;
  plan: Plan;
  seconds: number;
  cpu: { fixed: number; own: number; analysis: number };
}

interface Film {
  programs: Programs;
  source: AdmittedSource & { sha256: string };
  plan: Plan;
  viewing: Viewing;
  folder: string;
}

/** Encodes the clip by both ladders with the code of an ingest, and measures what came out. */
async function compare(programs: Programs, clip: BenchClip): Promise<ClipResult> {
  const film = await openFilm(programs, clip);
  const [apple, av1] = (["h264", "av1"] as const).map((codec) =>
    film.plan.video.filter((one) => one.codec === codec),
  );
  if (!apple || !av1) throw new Error("The plan lacks a codec");
  const own = await analyse(film, apple);
  const ownAv1 = await analyse(film, av1);
  const fixed = await encodeAndRate(film, apple);
  const chosen = await encodeAndRate(film, own.video);
  const chosenAv1 = await encodeAndRate(film, ownAv1.video);
  return {
    drawn: {
      name: clip.name,
      hulls: { h264: own.ladder.hull, av1: ownAv1.ladder.hull },
      fixed: fixed.points,
      h264: chosen.points,
      av1: chosenAv1.points,
      saved: { h264: bdRate(fixed.points, chosen.points), av1: bdRate(fixed.points, chosenAv1.points) },
    },
    plan: { ...film.plan, video: apple },
    seconds: film.source.videoSeconds,
    cpu: { fixed: fixed.cpu, own: chosen.cpu, analysis: own.cpu },
  };
}

async function openFilm(programs: Programs, { path }: BenchClip): Promise<Film> {
  const folder = `${path}.work`;
  await mkdir(folder);
  const admitted = await admit(programs.ffprobe.path, await probe(programs.ffprobe.path, path));
  const source = { ...admitted, sha256: await hashFile(path) };
  const { plan } = planEncode(source, { subtitles: [], audioFiles: [] }, { codecs: ["av1"] });
  return { programs, source, plan, viewing: viewingOf(plan.poster, programs.ffmpeg), folder };
}

async function analyse(
  { programs, source, plan, viewing, folder }: Film,
  rungs: readonly VideoRendition[],
): Promise<{ video: VideoRendition[]; ladder: LadderAnalysis; cpu: number }> {
  const found: Awaited<ReturnType<typeof analyseTitle>>[] = [];
  const cpu = await childCpuOf(async () => {
    found.push(
      await analyseTitle({
        ffmpeg: programs.ffmpeg,
        source,
        indexed: { path: source.path, videoIndex: source.video.index },
        plan: { ...plan, video: [...rungs] },
        viewing,
        sampling: {
          samples: samplesPerClip,
          framesEach: Math.min(plan.gopFrames, Math.floor(plan.expectedFrames / 2)),
        },
        chunks: openChunkFolder(folder),
        folder,
        workers: 2,
      }),
    );
  });
  const [analysis] = found;
  const [ladder] = analysis?.ladders ?? [];
  if (!analysis || !ladder) throw new Error("The clip was not analysed");
  return { video: analysis.video, ladder, cpu };
}

async function encodeAndRate(
  { programs, source, plan, viewing, folder }: Film,
  renditions: readonly VideoRendition[],
): Promise<{ points: RatedPoint[]; cpu: number }> {
  const indexed = { path: source.path, videoIndex: source.video.index };
  const chunk = { index: 0, firstFrame: 0, frames: null };
  const task = planChunkTask({ source, plan, ffmpegVersion: programs.ffmpeg.version, renditions, chunk });
  const output = join(folder, task.key);
  const ffmpeg = programs.ffmpeg.path;
  const cpu = await childCpuOf(() => encodeChunk(task, { ffmpeg, source: indexed, folder: output }));
  const paths = task.outputs.map(({ file }) => join(output, file));
  const facts = await Promise.all(paths.map(readChunkFrames));
  const count = facts[0]?.count ?? 0;
  const frames = Array.from(
    { length: Math.floor((count - 5) / everyFrames) },
    (_, index) => 3 + index * everyFrames,
  );
  const encodes = paths.map((path) => ({ path, firstFrame: 0 }));
  const sourceCodec = source.video.codec;
  const scores = await scoreFrames({
    ffmpeg,
    source: indexed,
    sourceCodec,
    plan,
    viewing,
    frames,
    encodes,
    folder,
  });
  const points = facts.map(({ bytes }, index) => ({
    kbps: (bytes * 8 * fps(plan.frameRate)) / count / 1000,
    score: mean(scores[index] ?? []),
  }));
  return { points, cpu };
}

function clipFigures({ drawn: { name, saved, fixed, h264, av1 }, cpu }: ClipResult): Figure[] {
  const anchor = `${h264.length} rungs of H.264 against ${fixed.length}, at ${(cpu.own / cpu.fixed).toFixed(2)} of their CPU`;
  const figure = (codec: string, value: number | null, anchor: string): Figure => {
    return { label: `${name}: ${codec}`, value: percent(value), goal: "none", met: true, anchor };
  };
  return [figure("H.264", saved.h264, anchor), figure("AV1", saved.av1, `${av1.length} rungs`)];
}

function meanFigures(results: readonly ClipResult[]): Figure[] {
  return (["h264", "av1"] as const).map((codec) => {
    const saved = results.flatMap(({ drawn }) => drawn.saved[codec] ?? []);
    const value = mean(saved);
    const goal = { h264: -0.2, av1: -0.45 }[codec];
    const clips = `mean of ${saved.length} clips of ${percent(Math.min(...saved))} to ${percent(Math.max(...saved))}`;
    const anchor = `Apple's ladder in H.264 = 0; ${clips}; drawn in .bench/ladder.svg`;
    const label = `BD-rate of own ladders, ${codec === "h264" ? "H.264" : "AV1"}`;
    return { label, value: percent(value), goal: `<= ${percent(goal)}`, met: value <= goal, anchor };
  });
}

/** What a sample costs is measured; how many a film has is the encoder's own plan. */
function costFigures(results: readonly ClipResult[]): Figure[] {
  const sample = mean(results.map(({ cpu }) => cpu.analysis / samplesPerClip));
  const second = sum(results.map(({ cpu }) => cpu.fixed)) / sum(results.map(({ seconds }) => seconds));
  const [{ plan } = { plan: null }] = results;
  if (!plan) return [];
  const shortest = shortestSeconds(plan);
  const share = (seconds: number): number => {
    const samples =
      planSampling({ ...plan, expectedFrames: Math.ceil(seconds * fps(plan.frameRate)) })?.samples ?? 0;
    return (samples * sample) / (second * seconds);
  };
  const anchor = `a sample ${sample.toFixed(1)} CPU s, a second of the fixed ladder ${second.toFixed(2)}`;
  return [
    {
      label: `analysis / encode, ${(shortest / 60).toFixed(1)} minutes, the shortest film that has one`,
      seconds: shortest + 1,
    },
    { label: "analysis / encode, a film of two hours", seconds: featureSeconds },
  ].map(({ label, seconds }) => {
    const value = share(seconds);
    return { label, value: percent(value), goal: "<= 15 %", met: value <= 0.15, anchor };
  });
}

function percent(share: number | null): string {
  return share === null ? "no overlap" : `${(share * 100).toFixed(1)} %`;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
