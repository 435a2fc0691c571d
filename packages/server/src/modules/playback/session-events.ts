import type { Unit } from "../../kernel/unit.ts";
import type { PlaybackContext } from "./context.ts";
import type { SessionRow } from "./tables.ts";

export async function publishStarted(
  unit: Unit,
  { database }: PlaybackContext,
  session: SessionRow,
): Promise<void> {
  await unit.publish(database, {
    type: "playback.started",
    account_id: session.account_id,
    data: {
      session_id: session.id,
      profile_id: session.profile_id,
      title_id: session.title_id,
      device_kind: session.device_kind,
    },
  });
}

export async function publishStopped(
  unit: Unit,
  { database }: PlaybackContext,
  sessions: readonly SessionRow[],
): Promise<void> {
  for (const session of sessions) {
    await unit.publish(database, {
      type: "playback.stopped",
      account_id: session.account_id,
      data: {
        session_id: session.id,
        profile_id: session.profile_id,
        title_id: session.title_id,
        position_seconds: session.position_seconds,
      },
    });
  }
}
