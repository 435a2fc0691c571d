import type { components } from "@flix/openapi";
import type { FullKeySet } from "./store/key-sets.ts";

export function toKeySet(row: FullKeySet): components["schemas"]["KeySet"] {
  return {
    id: row.id,
    title_id: row.title_id,
    scheme: row.scheme,
    keys: row.keys,
    ...(row.encode_key === null ? {} : { encode_key: row.encode_key }),
    package_ids: row.package_ids,
    created_at: row.created_at.toISOString(),
  };
}
