import { switchingSetName } from "../plan/video-rendition.ts";
import { drawingNeeds } from "../burn/draw-subtitle.ts";
import { EncoderError } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";
import { installCommand } from "../programs/install-command.ts";
import type { Program } from "../programs/programs.ts";
import { filterGraph } from "./filter-graph.ts";

/** Throws `capability_missing`, before an hour of work, where this ffmpeg lacks an encoder or a filter that the plan needs. */
export function requireCapabilities(plan: Plan, { path, capabilities }: Program): void {
  const sets = [...Map.groupBy(plan.video, switchingSetName).values()];
  const needed = new Set([
    ...plan.video.map(({ encoder }) => encoder),
    ...(plan.burnedSubtitle ? drawingNeeds : []),
    ...sets.flatMap((renditions) => filterNames(filterGraph(plan, renditions, 1))),
  ]);
  const missing = [...needed].filter((name) => !capabilities.has(name));
  if (missing.length === 0) return;
  throw new EncoderError("capability_missing", {
    message: `The ffmpeg at ${path} lacks ${missing.join(", ")}, which this encode needs.`,
    hint: `Get a full build with: ${installCommand("ffmpeg")}`,
  });
}

function filterNames(graph: string): string[] {
  return graph.split(/[,;]/).map((filter) => /^(?:\[\w+\])*(\w+)/.exec(filter)?.[1] ?? "");
}
