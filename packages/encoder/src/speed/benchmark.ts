import { cpuSeconds } from "../programs/cpu-time.ts";
import { readProgram } from "../programs/ffmpeg.ts";

const picture = "testsrc2=size=960x540:rate=24,noise=alls=12:allf=t,format=yuv420p";
const encoding = "-frames:v 24 -c:v libx264 -preset faster -crf 23 -threads 1 -f null -";
/** What it takes where the nominal seconds were taken. */
const nominalSeconds = 0.85;

/**
 * Encodes a moving test picture with one thread and answers how many seconds it took for each nominal one: a second or two of work, for a
 * machine on which nothing was ingested yet.
 */
export async function benchmarkSpeed(ffmpeg: string, signal?: AbortSignal): Promise<number> {
  const args = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", picture, ...encoding.split(" ")];
  const before = now();
  const { exitCode } = await readProgram(ffmpeg, args, { signal });
  // What is wrong with the program is told where it matters.
  return exitCode === 0 ? (now() - before) / nominalSeconds : 1;
}

/** CPU seconds say the same on a machine that has other work too. */
function now(): number {
  return cpuSeconds() ?? performance.now() / 1000;
}
