import type { ProposedMarker } from "@flix/encoder";
import type { Output as Answer } from "@flix/sdk";
import type { Output } from "../../output.ts";
import { renderTable } from "../../table.ts";
import { percentText } from "../../wording.ts";
import { markerColumns, type MarkerLine, markerOf } from "./marker-view.ts";

/** The markers that hold, and below them what is only proposed. */
export function showMarkers(
  output: Output,
  resource: Answer<"getTitleMarkers">,
  proposed: readonly ProposedMarker[] = [],
): void {
  const proposals = proposed.map(markerOf);
  const lines: MarkerLine[] = [
    ...resource.markers,
    ...proposals.map((line) => ({ ...line, source: `proposed, ${percentText(line.confidence)} sure` })),
  ];
  if (lines.length === 0 && !output.json)
    return output.note("The title has no markers, and none are proposed.");
  output.data({ ...resource, proposals }, (paper) => renderTable(markerColumns, lines, paper));
}
