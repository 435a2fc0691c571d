import { requireMatch } from "../../../kernel/etags.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { requireMarkers } from "../marker-rules.ts";
import { changeMarkers, lockMarkers } from "../store/markers.ts";
import { requireFilm } from "../titles.ts";
import { toTitleMarkers } from "../to-title-markers.ts";

export const setTitleMarkers: Handler<"setTitleMarkers", MediaContext> = async (
  { params: { title_id }, body, ifMatch, unit },
  context,
) => {
  const { duration_seconds } = await requireFilm(unit, context, title_id);
  const before = await lockMarkers(unit, context, title_id);
  requireMatch(ifMatch, before.version);
  const markers = requireMarkers(body.markers, duration_seconds);
  return toTitleMarkers(await changeMarkers(unit, context, { title_id, markers }));
};
