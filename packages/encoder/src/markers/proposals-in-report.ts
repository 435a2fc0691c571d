import { jsonFields } from "../json-fields.ts";
import { type Marker, markerKinds } from "./markers.ts";

export interface ProposedMarker extends Marker {
  confidence: number;
}

/** The markers that a package's report proposes, as it comes from the platform; none from an encoder of before. */
export function proposalsInReport(report: unknown): ProposedMarker[] {
  return jsonFields(report)
    .list("proposed_markers")
    .flatMap((fields) => {
      const kind = markerKinds.find((known) => known === fields.text("kind"));
      const startSeconds = fields.number("start_seconds");
      const endSeconds = fields.number("end_seconds");
      if (!kind || startSeconds === undefined) return [];
      const end = endSeconds === undefined ? {} : { endSeconds };
      return [{ kind, startSeconds, ...end, confidence: fields.number("confidence") ?? 0 }];
    });
}
