import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { findOrInsertAsset } from "../store/assets.ts";
import { requireFilm } from "../titles.ts";
import { toAsset } from "../to-asset.ts";

export const createAsset: Handler<"createAsset", MediaContext> = async ({ params, body, unit }, context) => {
  await requireFilm(unit, context, params.title_id);
  const { kind, filename, size_bytes, sha256, video, audio = [], subtitles = [] } = body;
  const asset = await findOrInsertAsset(unit, context, {
    id: context.ids.next("ast"),
    title_id: params.title_id,
    kind,
    filename,
    size_bytes,
    sha256,
    language: body.language ?? null,
    container: body.container ?? null,
    duration_seconds: body.duration_seconds ?? null,
    video: video === undefined ? null : JSON.stringify(video),
    audio: JSON.stringify(audio),
    subtitles: JSON.stringify(subtitles),
    created_at: context.clock.now(),
  });
  return toAsset(asset);
};
