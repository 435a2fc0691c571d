import type { components } from "@flix/openapi";
import type { UploadRow } from "./store/uploads.ts";

export function toUpload(row: UploadRow): components["schemas"]["Upload"] {
  return {
    id: row.id,
    package_id: row.package_id,
    path: row.path,
    content_type: row.content_type,
    size_bytes: row.size_bytes,
    sha256: row.sha256,
    part_size_bytes: row.part_size_bytes,
    part_count: row.part_count,
    received_parts: row.received_parts,
    state: row.stored_at === null ? "pending" : "stored",
  };
}
