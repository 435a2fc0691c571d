import type { VideoRendition } from "../plan/video-rendition.ts";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { throwIfAborted } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { AdmittedSource } from "../source/admit.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import type { EncoderTurns } from "../video/encoder-turns.ts";
import { runPool } from "../video/pool.ts";
import { renditionFile } from "../work/rendition-file.ts";
import type { Viewing } from "./metric.ts";
import { type RenditionScore, pool } from "./pool-scores.ts";
import { framesToMeasure } from "./measured-frames.ts";
import { scoreFrames, scoringBytes } from "./score-frames.ts";

export interface MeasureOptions {
  ffmpeg: string;
  source: Pick<AdmittedSource, "video">;
  indexed: IndexedSource;
  plan: Plan;
  viewing: Viewing;
  /** Of the plan; those that are judged. */
  renditions: readonly VideoRendition[];
  /** How many frames each has. */
  frames: number;
  /** Holds the renditions whole. */
  folder: string;
  workers?: number | undefined;
  turns?: EncoderTurns | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * What each rendition looks like beside the film, on frames that are spread over it: the same ones for all. A frame of six renditions costs
 * what encoding half a second of the fixed ladder does, so one in twenty seconds takes 3 % of it. Empty where the film has too few frames.
 */
export async function measureRenditions(options: MeasureOptions): Promise<Map<string, RenditionScore>> {
  const { ffmpeg, source, indexed, plan, viewing, renditions, folder, turns, signal, onProgress } = options;
  const windows = framesToMeasure(options.frames, plan);
  const encodes = renditions.map(({ id }) => ({ path: join(folder, renditionFile(id)), firstFrame: 0 }));
  let done = 0;
  const scores = await runPool(
    windows,
    workersFor(options),
    async (frames, either) => {
      const endTurn = await turns?.take(scoringBytes, either);
      const film = { ffmpeg, source: indexed, sourceCodec: source.video.codec, plan, viewing, frames };
      const found = await scoreFrames({ ...film, encodes, folder, signal: either }).finally(() =>
        endTurn?.(),
      );
      onProgress?.((done += 1) / windows.length);
      return found;
    },
    signal,
  );
  throwIfAborted(signal);
  if (scores.length === 0) return new Map();
  return new Map(
    renditions.map(({ id }, index) => [
      id,
      pool(
        scores.flatMap((window) => window[index] ?? []),
        viewing,
      ),
    ]),
  );
}

/** As many as cores and memory allow, but one in any case: the film is encoded already. */
function workersFor({ workers = availableParallelism(), turns }: MeasureOptions): number {
  const fit = Math.floor((turns?.memoryBytes ?? process.availableMemory()) / scoringBytes);
  return Math.max(1, Math.min(workers, fit));
}
