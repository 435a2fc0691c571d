import type { components } from "@flix/openapi";
import { etagOf } from "../../kernel/etags.ts";
import type { CountedPackage } from "./store/packages.ts";

export function toPackage(row: CountedPackage): components["schemas"]["Package"] {
  const ready = row.state === "ready";
  return {
    id: row.id,
    title_id: row.title_id,
    ...(row.asset_id === null ? {} : { asset_id: row.asset_id }),
    digest: row.digest,
    ...(row.encode_key === null ? {} : { encode_key: row.encode_key }),
    state: row.state,
    current: row.is_current,
    duration_seconds: row.duration_seconds,
    renditions: row.renditions,
    ...(row.protection === null ? {} : { protection: row.protection }),
    hls_path: row.hls_path,
    dash_path: row.dash_path,
    ...(row.thumbnails_path === null ? {} : { thumbnails_path: row.thumbnails_path }),
    ...(row.poster_path === null ? {} : { poster_path: row.poster_path }),
    size_bytes: row.size_bytes,
    file_count: row.file_count,
    stored_size_bytes: ready ? row.size_bytes : row.stored_bytes,
    stored_file_count: ready ? row.file_count : row.stored_count,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    // What is stored changes without the row, which every part would have to wait for.
    etag: ready ? etagOf(row.version) : `"${row.version}-${row.stored_count}"`,
  };
}
