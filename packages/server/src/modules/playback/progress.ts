import type { Unit } from "../../kernel/unit.ts";
import type { PlaybackContext } from "./context.ts";
import { clampPosition } from "./resume.ts";
import { savePosition } from "./store/positions.ts";
import type { PositionRow } from "./tables.ts";

export type Progress = Omit<PositionRow, "updated_at"> & { session_id?: string };

/** Keeps where a profile is in a title, and reports it when it moved: a paused player says the same again and again. */
export async function recordProgress(
  unit: Unit,
  context: PlaybackContext,
  { session_id, ...progress }: Progress,
): Promise<PositionRow> {
  const { position_seconds: positionSeconds, duration_seconds: durationSeconds } = progress;
  const row: PositionRow = {
    ...progress,
    position_seconds: clampPosition({ positionSeconds, durationSeconds }),
    updated_at: context.clock.now(),
  };
  const { moved } = await savePosition(unit, context, row);
  if (moved) {
    await unit.publish(context.database, {
      type: "playback.progressed",
      account_id: row.account_id,
      data: {
        ...(session_id === undefined ? {} : { session_id }),
        profile_id: row.profile_id,
        title_id: row.title_id,
        position_seconds: row.position_seconds,
        duration_seconds: row.duration_seconds,
      },
    });
  }
  return row;
}
