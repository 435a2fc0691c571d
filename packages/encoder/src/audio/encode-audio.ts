import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import { mp4 } from "../video/chunk-task.ts";
import { renditionFile } from "../work/rendition-file.ts";

interface EncodeAudioOptions {
  ffmpeg: string;
  sourcePath: string;
  plan: Plan;
  /** Receives `<rendition>.mp4`. */
  folder: string;
  signal?: AbortSignal | undefined;
  /** Seconds of sound that are done. */
  onProgress?: ((seconds: number) => void) | undefined;
}

/** Encodes every sound rendition from one pass over the master, whose pictures are skipped; answers ffmpeg's arguments. */
export async function encodeAudio(options: EncodeAudioOptions): Promise<string[]> {
  const { ffmpeg, sourcePath, plan, folder, signal, onProgress } = options;
  return runFfmpeg(
    {
      program: ffmpeg,
      folder,
      // ffmpeg exits 0 on corrupt input unless it is told both of these.
      input: { path: inputUrl(sourcePath), options: ["-xerror", "-err_detect", "explode", ...inputGuards] },
      filterGraph: audioGraph(plan),
      outputs: plan.audio.map(({ id, bitrateKbps }, index) => ({
        path: renditionFile(id),
        options: ["-map", `[a${index}]`, "-c:a", "aac", "-b:a", `${bitrateKbps}k`, ...mp4],
      })),
    },
    { signal, onProgress: ({ outTimeSeconds }) => onProgress?.(outTimeSeconds) },
  );
}

/** Gaps and a late start become silence, and the sound never ends before the picture. */
function audioGraph(plan: Plan): string {
  const seconds = plan.expectedFrames / fps(plan.frameRate);
  return plan.audio
    .map(({ streamIndex }, index) =>
      [
        `[0:${streamIndex}]aresample=48000:async=1:first_pts=0`,
        "aformat=sample_fmts=fltp:channel_layouts=stereo",
        `apad=whole_dur=${seconds.toFixed(6)}[a${index}]`,
      ].join(","),
    )
    .join(";");
}
