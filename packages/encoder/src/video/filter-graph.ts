import type { VideoRendition } from "../plan/video-rendition.ts";
import { overlaySubtitle } from "../burn/overlay-subtitle.ts";
import type { Plan } from "../plan/plan.ts";
import { colorOfRendition, scaleAndConvert } from "./color-filters.ts";
import { encoderNamed } from "./encoders.ts";
import { pictureFilters } from "./picture-filters.ts";

/** Names of the graph's outputs, as `-map` takes them. */
export const graphOutputs = {
  video: (index: number): string => `[v${index}]`,
};

/** Stands for the master's pictures: which stream they are depends on the file that a chunk is read from. */
export const videoInput = "[video]";

/**
 * One graph from one decode, from a time of the film on, for the renditions of a switching set, the largest first. The picture is brought to its
 * constant rate and to the renditions' colours once; each rung is scaled from the one above, which cost 35.7 CPU-s on the 10 s of film
 * where scaling each from the source cost 38.5, and bare x264 35.0.
 */
export function filterGraph(plan: Plan, renditions: readonly VideoRendition[], startSeconds: number): string {
  return renditions
    .flatMap((rung, index) => {
      const isLast = index === renditions.length - 1;
      const filters = index === 0 ? fromMaster(plan, rung, startSeconds) : fromRungAbove(rung).join(",");
      const upload = encoderNamed(rung.encoder).upload?.(rung) ?? [];
      const output = graphOutputs.video(index);
      const scaled = upload.length > 0 ? `[scaled${index}]` : output;
      const above = index === 0 ? videoInput : `[next${index}]`;
      return [
        `${above}${filters}${isLast ? scaled : `,split=2${scaled}[next${index + 1}]`}`,
        ...(upload.length > 0 ? [`${scaled}${upload.join(",")}${output}`] : []),
      ];
    })
    .join(";");
}

function fromMaster(plan: Plan, rung: VideoRendition, startSeconds: number): string {
  const { picture } = plan;
  const filters = [
    ...pictureFilters(plan, startSeconds),
    ...scaleAndConvert(picture, rung.dynamicRange, rung),
  ];
  return `${filters.join(",")}${overlaySubtitle(plan, startSeconds, rung)}`;
}

function fromRungAbove({ width, height, dynamicRange }: VideoRendition): string[] {
  return [
    `scale=${width}:${height}:flags=bicubic`,
    `format=${colorOfRendition(dynamicRange).format}`,
    "setsar=1",
  ];
}
