import type { Unit } from "../../kernel/unit.ts";
import type { PlaybackContext } from "./context.ts";
import type { SessionRow } from "./tables.ts";

/** With what reports need to know of the title and the place, so that analytics knows no other module. */
export async function publishStarted(
  unit: Unit,
  { database }: PlaybackContext,
  session: SessionRow,
  { title, territory }: { title: string; territory: string },
): Promise<void> {
  await unit.publish(database, {
    type: "playback.started",
    account_id: session.account_id,
    data: {
      session_id: session.id,
      profile_id: session.profile_id,
      title_id: session.title_id,
      title,
      device_kind: session.device_kind,
      territory,
      duration_seconds: session.duration_seconds,
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
