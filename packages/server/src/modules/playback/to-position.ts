import type { components } from "@flix/openapi";
import { progressOf } from "./resume.ts";
import type { PositionRow } from "./tables.ts";

export function toPosition(row: PositionRow): components["schemas"]["Position"] {
  const { profile_id, title_id, position_seconds, duration_seconds, updated_at } = row;
  return {
    profile_id,
    title_id,
    position_seconds,
    duration_seconds,
    progress: progressOf({ positionSeconds: position_seconds, durationSeconds: duration_seconds }),
    updated_at: updated_at.toISOString(),
  };
}
