import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { jsonFields } from "../json-fields.ts";
import { type StageSeconds, timedStages } from "./nominal-seconds.ts";

/** What former runs on this machine took, each stage as a multiple of its nominal seconds. */
export interface SpeedHistory {
  /** Of the transcode, by a small encode made for this alone; null until there was one. */
  benchmark: number | null;
  runs: SpeedRun[];
}

export interface SpeedRun {
  /** Codecs and preset: what other settings take says less about the next run with these. */
  settings: string;
  factors: Partial<StageSeconds>;
  /** The package's, as a multiple of what its rates allow on average. */
  size: number | undefined;
}

const fileName = "speeds.json";
const keptRuns = 40;

/** Of another machine or another ffmpeg, whose times say nothing: as if there were none. */
export async function readSpeedHistory(workDir: string, ffmpegVersion: string): Promise<SpeedHistory> {
  const text = await readFile(join(workDir, fileName), "utf8").catch(() => "");
  const fields = jsonFields(parse(text));
  if (fields.text("machine") !== machine(ffmpegVersion)) return { benchmark: null, runs: [] };
  const runs = fields.list("runs").map((run) => ({
    settings: run.text("settings") ?? "",
    size: run.number("size"),
    factors: Object.fromEntries(
      timedStages.flatMap((stage) => {
        const factor = run.object("factors").number(stage);
        return factor === undefined ? [] : [[stage, factor]];
      }),
    ),
  }));
  return { benchmark: fields.number("benchmark") ?? null, runs };
}

/** Two that write at once lose one of two runs, which the next ones make up for. */
export async function writeSpeedHistory(
  workDir: string,
  ffmpegVersion: string,
  { benchmark, runs }: SpeedHistory,
): Promise<void> {
  await mkdir(workDir, { recursive: true, mode: 0o700 });
  const partial = join(workDir, `${fileName}.${process.pid}.partial`);
  const content = { machine: machine(ffmpegVersion), benchmark, runs: runs.slice(-keptRuns) };
  await writeFile(partial, `${JSON.stringify(content, null, 1)}\n`);
  await rename(partial, join(workDir, fileName));
}

/** Work folders are shared between machines, and machines change. */
function machine(ffmpegVersion: string): string {
  const processors = cpus();
  return `${processors.length} x ${processors[0]?.model ?? "unknown"}, ffmpeg ${ffmpegVersion}, 1`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
