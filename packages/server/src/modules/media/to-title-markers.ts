import type { components } from "@flix/openapi";
import { etagOf } from "../../kernel/etags.ts";
import type { MarkersRow } from "./store/markers.ts";

export function toTitleMarkers({
  title_id,
  markers,
  version,
}: Omit<MarkersRow, "updated_at">): components["schemas"]["TitleMarkers"] {
  return { title_id, markers, etag: etagOf(version) };
}
