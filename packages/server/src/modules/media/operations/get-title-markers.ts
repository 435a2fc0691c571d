import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { noMarkers, selectMarkers } from "../store/markers.ts";
import { requireFilm } from "../titles.ts";
import { toTitleMarkers } from "../to-title-markers.ts";

export const getTitleMarkers: Handler<"getTitleMarkers", MediaContext> = async (
  { params: { title_id }, unit },
  context,
) => {
  await requireFilm(unit, context, title_id);
  const [row] = await selectMarkers(unit, context, [title_id]);
  return toTitleMarkers(row ?? noMarkers(title_id));
};
