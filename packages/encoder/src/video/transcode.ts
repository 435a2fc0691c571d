import { type FfmpegJob, runFfmpeg } from "../programs/ffmpeg.ts";
import { fps } from "../plan/frame-rate.ts";
import { filterGraph, graphOutputs } from "./filter-graph.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { Plan, VideoRendition } from "../plan/plan.ts";

/** What the transcode leaves in the work folder, by names that the packager's command line can carry. */
export const transcoded = {
  video: (id: string): string => `${id}.mp4`,
  audio: (id: string): string => `${id}.mp4`,
  /** Raw pictures, one after the other. The first comes with the first frame: ffmpeg reports no progress before every output has begun. */
  thumbnails: "thumbnails.yuv",
};

interface TranscodeOptions {
  ffmpeg: string;
  sourcePath: string;
  plan: Plan;
  /** Where the renditions go. */
  folder: string;
  signal?: AbortSignal | undefined;
  onProgress?(fraction: number, speed: number): void;
}

/** Decodes once and encodes every rendition; answers ffmpeg's arguments. */
export async function transcode(options: TranscodeOptions): Promise<string[]> {
  const { plan, signal, onProgress } = options;
  const startedMs = performance.now();
  return runFfmpeg(transcodeJob(options), {
    signal,
    onProgress({ frames }) {
      // ffmpeg's own `speed` is N/A as long as one output has no packet.
      const speed = frames / fps(plan.frameRate) / ((performance.now() - startedMs) / 1000);
      onProgress?.(Math.min(1, frames / plan.expectedFrames), speed);
    },
  });
}

export function transcodeJob({ ffmpeg, sourcePath, plan, folder }: TranscodeOptions): FfmpegJob {
  return {
    program: ffmpeg,
    folder,
    // ffmpeg exits 0 on corrupt input unless it is told both of these.
    input: { path: inputUrl(sourcePath), options: ["-xerror", "-err_detect", "explode", ...inputGuards] },
    filterGraph: filterGraph(plan),
    outputs: [
      ...plan.video.map((rendition, index) => ({
        path: transcoded.video(rendition.id),
        options: ["-map", graphOutputs.video(index), ...x264Options(rendition, plan), ...mp4],
      })),
      ...plan.audio.map(({ id, bitrateKbps }, index) => ({
        path: transcoded.audio(id),
        options: ["-map", graphOutputs.audio(index), "-c:a", "aac", "-b:a", `${bitrateKbps}k`, ...mp4],
      })),
      {
        path: transcoded.thumbnails,
        options: [
          "-map",
          graphOutputs.thumbnails,
          "-fps_mode",
          "passthrough",
          "-c:v",
          "rawvideo",
          "-f",
          "rawvideo",
        ],
      },
    ],
  };
}

/** Nothing of the master's metadata or of this run's time goes into the renditions. */
const mp4 = "-map_metadata -1 -map_chapters -1 -fflags +bitexact -f mp4".split(" ");

/** Constant quality under a ceiling; every GOP closed and equally long, so that all renditions switch at the same frames. */
export function x264Options(
  { preset, crf, maxrateKbps, threads }: VideoRendition,
  { gopFrames }: Plan,
): string[] {
  return [
    `-c:v libx264 -preset ${preset} -profile:v high -pix_fmt yuv420p -flags:v +bitexact -threads ${threads}`,
    `-crf ${crf} -maxrate ${maxrateKbps}k -bufsize ${maxrateKbps * 2}k`,
    `-x264-params keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:open-gop=0`,
  ].flatMap((options) => options.split(" "));
}
