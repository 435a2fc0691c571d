import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../testing/clips.ts";
import { createRandom, mutate } from "../testing/mutate.ts";
import { decodeProblem } from "../testing/strict-decode.ts";
import { EncoderError } from "./errors.ts";
import { encode } from "./pipeline.ts";
import { runPool } from "./video/pool.ts";

/** Two thousand take about half an hour: FLIX_FUZZ=2000. FLIX_SEED begins elsewhere, or repeats one. */
const count = Number(process.env["FLIX_FUZZ"] ?? 36);
const firstSeed = Number(process.env["FLIX_SEED"] ?? 1);
/** An unharmed clip takes about a second. */
const limitMs = 60_000;
/** What is told to end has this long to do so. */
const graceMs = 15_000;
/** Several times what one takes on two cores. */
const typicalMs = 4_000;

const kinds: readonly (readonly [container: string, codecs: string])[] = [
  ["mp4", "-c:v libx264 -preset ultrafast -c:a aac"],
  ["mov", "-c:v mjpeg -pix_fmt yuvj422p -c:a pcm_s16le"],
  ["mkv", "-c:v libx264 -preset ultrafast -bf 2 -c:a flac"],
  ["webm", "-c:v libvpx -deadline realtime -c:a libopus"],
  ["ts", "-c:v mpeg2video -c:a mp2"],
  ["avi", "-c:v mpeg4 -c:a libmp3lame"],
];

test(
  `${count} damaged films are refused with a code or become a package that decodes; nothing hangs and nothing is left`,
  async () => {
    const folder = await temporaryFolder();
    const originals: { container: string; bytes: Buffer }[] = [];
    for (const [container, codecs] of kinds) {
      const path = join(folder, `original.${container}`);
      await makeClip(path, testInputs({ size: "96x64", seconds: 0.5 }), codecs, "-shortest");
      originals.push({ container, bytes: await readFile(path) });
    }
    const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
    const ends = await runPool(seeds, 2, async (seed) => {
      const original = originals[seed % originals.length];
      if (!original) throw new RangeError("there is no film to damage");
      const own = join(folder, String(seed));
      await mkdir(own);
      const input = join(own, `film.${original.container}`);
      await writeFile(input, mutate(original.bytes, createRandom(seed)));
      const end = await endOf(seed, input, join(own, "work"));
      await rm(own, { recursive: true });
      tell(end);
      return end;
    });
    process.stderr.write(`${tally(ends)}\n`);
    expect(ends.filter(({ problem }) => problem !== undefined)).toEqual([]);
    const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    expect(processes.split("\n").filter((line) => line.includes(folder))).toEqual([]);
  },
  count * typicalMs + 2 * (limitMs + graceMs),
);

interface End {
  seed: number;
  /** `encoded`, or the code that it was refused with. */
  outcome: string;
  /** What is wrong with that. */
  problem?: string | undefined;
}

const startedMs = performance.now();
let ended = 0;

/** A long run is watched, and a fault is told when it is found. */
function tell({ seed, problem }: End): void {
  ended += 1;
  if (problem !== undefined) process.stderr.write(`seed ${seed}: ${problem}\n`);
  if (ended % 100 !== 0) return;
  const minutes = (performance.now() - startedMs) / 60_000;
  const left = (minutes / ended) * (count - ended);
  process.stderr.write(`${ended} of ${count} damaged films, ${left.toFixed(0)} minutes left\n`);
}

function tally(ends: readonly End[]): string {
  const counts = Object.entries(Object.groupBy(ends, ({ outcome }) => outcome));
  return counts.map(([outcome, same]) => `${outcome} ${same?.length}`).join(", ");
}

/** One that neither ends by itself nor when it is told to hangs. */
async function endOf(seed: number, input: string, workDir: string): Promise<End> {
  const beganMs = performance.now();
  const hang: End = { seed, outcome: "hangs", problem: "it cannot be ended" };
  const given = new AbortController();
  const timer = delay(limitMs + graceMs, hang, { signal: given.signal });
  const end = await Promise.race([ingestDamaged(seed, input, workDir), timer]);
  given.abort();
  await timer.catch(() => {});
  const tookMs = performance.now() - beganMs;
  return tookMs > limitMs ? { ...end, problem: end.problem ?? `it took ${tookMs} ms` } : end;
}

/** A third of them, of every kind; FLIX_TOLERATE=1 makes it all. */
function isTolerated(seed: number): boolean {
  return process.env["FLIX_TOLERATE"] === "1" || createRandom(seed + 2 ** 31).below(3) === 0;
}

async function ingestDamaged(seed: number, input: string, workDir: string): Promise<End> {
  const signal = AbortSignal.timeout(limitMs);
  try {
    const tolerateErrors = isTolerated(seed);
    const options = { preset: "ultrafast", programs: await programs(), workers: 1, signal } as const;
    const encoded = await encode({ input, workDir, tolerateErrors, ...options });
    const outcome = tolerateErrors ? "encoded with errors tolerated" : "encoded";
    const { frames, plan } = encoded.report;
    const isExact = !tolerateErrors || frames === plan.expectedFrames;
    if (!isExact) return { seed, outcome, problem: `${frames} frames instead of ${plan.expectedFrames}` };
    const problem = await decodeProblem(encoded);
    return { seed, outcome, problem: problem && `a package that does not decode: ${problem}` };
  } catch (error) {
    if (!(error instanceof EncoderError)) return { seed, outcome: "crashed", problem: String(error) };
    const outcome = error.code;
    if (outcome === "cancelled") return { seed, outcome, problem: `not done after ${limitMs} ms` };
    const left = await readdir(workDir, { recursive: true }).catch(() => []);
    return { seed, outcome, problem: left.length > 0 ? `${outcome} leaves ${left.join(", ")}` : undefined };
  }
}
