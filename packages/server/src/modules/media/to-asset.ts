import type { components } from "@flix/openapi";
import type { AssetRow } from "./store/assets.ts";

export function toAsset(row: AssetRow): components["schemas"]["Asset"] {
  return {
    id: row.id,
    title_id: row.title_id,
    kind: row.kind,
    filename: row.filename,
    size_bytes: row.size_bytes,
    sha256: row.sha256,
    ...(row.language === null ? {} : { language: row.language }),
    ...(row.container === null ? {} : { container: row.container }),
    ...(row.duration_seconds === null ? {} : { duration_seconds: row.duration_seconds }),
    ...(row.video === null ? {} : { video: row.video }),
    audio: row.audio,
    subtitles: row.subtitles,
    created_at: row.created_at.toISOString(),
  };
}
