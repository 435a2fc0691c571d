import { formatFrameRate } from "../plan/frame-rate.ts";
import type { Plan, VideoRendition } from "../plan/plan.ts";

/** Names of the graph's outputs, as `-map` takes them. */
export const graphOutputs = {
  video: (index: number): string => `[v${index}]`,
};

/** Stands for the master's pictures: which stream they are depends on the file that a chunk is read from. */
export const videoInput = "[video]";

/**
 * One graph from one decode, from a time of the film on. The picture is brought to its constant rate and 8-bit 4:2:0 once; each rung is scaled
 * from the one above, which cost 35.7 CPU-s on the 10 s of film where scaling each from the source cost 38.5, and bare x264 35.0.
 */
export function filterGraph(plan: Plan, renditions: readonly VideoRendition[], startSeconds: number): string {
  const last = renditions.length - 1;
  return renditions
    .map((rung, index) => {
      const input = index === 0 ? `${videoInput}${prepare(plan, startSeconds)},` : `[next${index}]`;
      const outputs = [graphOutputs.video(index)];
      if (index < last) outputs.push(`[next${index + 1}]`);
      const split = outputs.length > 1 ? `,split=${outputs.length}` : "";
      const matrix = index === 0 && plan.fromRgb ? ":out_color_matrix=bt709" : "";
      const scale = `scale=${rung.width}:${rung.height}:flags=bicubic:out_range=tv${matrix}`;
      return `${input}${scale},format=yuv420p,setsar=1${split}${outputs.join("")}`;
    })
    .join(";");
}

/**
 * Frames before the start fall away, and the one that is shown when it comes is repeated if it came earlier: so a film whose sound begins
 * first begins with both, and a chunk with what a whole encode shows there.
 */
function prepare(plan: Plan, startSeconds: number): string {
  const deinterlace = plan.deinterlace ? "bwdif=mode=send_frame:deint=all," : "";
  const shift = startSeconds === 0 ? "" : `setpts=PTS-${startSeconds.toFixed(6)}/TB,`;
  return `${deinterlace}${shift}fps=${formatFrameRate(plan.frameRate)}:start_time=0`;
}
