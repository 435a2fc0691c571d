import { sql, type RawBuilder } from "kysely";
import type { Viewpoint } from "../availability.ts";

/** The SQL twin of `isVisible`, for the row `t` of a query; a test holds the two together. */
export function visibleRow({ territory, at }: Viewpoint): RawBuilder<boolean> {
  const here =
    territory === undefined
      ? sql`true`
      : sql`(w -> 'territories' = '[]' or w -> 'territories' ? ${territory})`;
  return sql<boolean>`(t.state = 'published' and (t.availability = '[]' or exists (
    select from jsonb_array_elements(t.availability) w
    where ${here}
      and coalesce((w ->> 'starts_at')::timestamptz <= ${at}, true)
      and coalesce((w ->> 'ends_at')::timestamptz > ${at}, true))))`;
}
