import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatFrameRate } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { renditionFile } from "../work/rendition-file.ts";
import { type Chunk } from "./chunks.ts";
import { mp4 } from "./chunk-task.ts";

interface StitchOptions {
  ffmpeg: string;
  plan: Pick<Plan, "frameRate">;
  chunks: readonly Chunk[];
  /** Holds `<chunk index>/<rendition>.mp4`; receives `<rendition>.mp4`. */
  folder: string;
  renditionId: string;
  signal?: AbortSignal | undefined;
}

/** Joins the chunks of one rendition. Nothing is decoded: they were cut where a GOP begins. */
export async function stitch({
  ffmpeg,
  plan,
  chunks,
  folder,
  renditionId,
  signal,
}: StitchOptions): Promise<void> {
  const { num, den } = plan.frameRate;
  const list = chunks.flatMap(({ index, frames }) => [
    `file ${index}/${renditionFile(renditionId)}`,
    // Said, because the one in the file is rounded to milliseconds.
    ...(frames === null ? [] : [`duration ${((frames * den) / num).toFixed(6)}`]),
  ]);
  const listFile = `${renditionId}.ffconcat`;
  await writeFile(join(folder, listFile), `ffconcat version 1.0\n${list.join("\n")}\n`);
  await runFfmpeg(
    {
      program: ffmpeg,
      folder,
      input: {
        path: listFile,
        options: ["-protocol_whitelist", "file", "-f", "concat", "-r", formatFrameRate(plan.frameRate)],
      },
      outputs: [
        {
          path: renditionFile(renditionId),
          // The frame rate's own clock, in which every frame has a whole number of ticks.
          options: [
            "-map",
            "0:v",
            "-c",
            "copy",
            "-video_track_timescale",
            String(num * ticksPerUnit(num)),
            ...mp4,
          ],
        },
      ],
    },
    { signal },
  );
}

/** A clock of at least 10,000 ticks a second, as muxers choose it themselves. */
function ticksPerUnit(num: number): number {
  let factor = 1;
  while (num * factor < 10_000) factor *= 2;
  return factor;
}
