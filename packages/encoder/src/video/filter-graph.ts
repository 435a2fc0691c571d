import { formatFrameRate } from "../plan/frame-rate.ts";
import { type Plan } from "../plan/plan.ts";

/** Names of the graph's outputs, as `-map` takes them. */
export const graphOutputs = {
  video: (index: number): string => `[v${index}]`,
  audio: (index: number): string => `[a${index}]`,
  thumbnails: "[thumbnails]",
};

/**
 * One graph from one decode. The picture is brought to its constant rate and 8-bit 4:2:0 once; each rung is scaled from the one above,
 * which cost 35.7 CPU-s on the 10 s of film where scaling each from the source cost 38.5, and bare x264 35.0.
 */
export function filterGraph(plan: Plan): string {
  return [...videoChains(plan), thumbnailChain(plan), ...audioChains(plan)].join(";");
}

function videoChains(plan: Plan): string[] {
  const thumbnailsFrom = thumbnailSource(plan);
  const last = plan.video.length - 1;
  return plan.video.map((rung, index) => {
    const input = index === 0 ? `[0:${plan.videoIndex}]${prepare(plan)},` : `[next${index}]`;
    const outputs = [graphOutputs.video(index)];
    if (index < last) outputs.push(`[next${index + 1}]`);
    if (index === thumbnailsFrom) outputs.push("[frames]");
    const split = outputs.length > 1 ? `,split=${outputs.length}` : "";
    const matrix = index === 0 && plan.fromRgb ? ":out_color_matrix=bt709" : "";
    const scale = `scale=${rung.width}:${rung.height}:flags=bicubic:out_range=tv${matrix}`;
    return `${input}${scale},format=yuv420p,setsar=1${split}${outputs.join("")}`;
  });
}

/** `start_time=0` repeats the first frame where the sound begins earlier, so that both begin at 0. */
function prepare(plan: Plan): string {
  const deinterlace = plan.deinterlace ? "bwdif=mode=send_frame:deint=all," : "";
  return `${deinterlace}fps=${formatFrameRate(plan.frameRate)}:start_time=0`;
}

/** The smallest rung that is still twice the size of a thumbnail: sharp, and cheap to scale. */
function thumbnailSource({ video, thumbnails }: Plan): number {
  const index = video.findLastIndex(({ width }) => width >= thumbnails.width * 2);
  return Math.max(0, index);
}

/** `select` counts frames, so that picture n is frame n x everyFrames exactly; filters after it see one frame in many. */
function thumbnailChain({ thumbnails }: Plan): string {
  const { width, height, everyFrames } = thumbnails;
  const full = `scale=${width}:${height}:out_range=pc,format=yuvj420p`;
  return `[frames]select=not(mod(n\\,${everyFrames})),${full}${graphOutputs.thumbnails}`;
}

/** Gaps and a late start become silence, and the sound never ends before the picture. */
function audioChains(plan: Plan): string[] {
  const seconds = (plan.expectedFrames * plan.frameRate.den) / plan.frameRate.num;
  return plan.audio.map(({ streamIndex }, index) =>
    [
      `[0:${streamIndex}]aresample=48000:async=1:first_pts=0`,
      "aformat=sample_fmts=fltp:channel_layouts=stereo",
      `apad=whole_dur=${seconds.toFixed(6)}${graphOutputs.audio(index)}`,
    ].join(","),
  );
}
