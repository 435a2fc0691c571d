import { FlixError } from "../../kernel/errors.ts";

export const heartbeatIntervalSeconds = 30;

/** A session that says nothing for three intervals has ended: one lost heartbeat, or two, must not stop a film. */
const silentAfterMs = 3 * heartbeatIntervalSeconds * 1000;

/** Sessions whose last heartbeat is not after this moment have ended. */
export function silentSince(now: Date): Date {
  return new Date(now.getTime() - silentAfterMs);
}

export function isLive(session: { last_heartbeat_at: Date; ended_at: Date | null }, now: Date): boolean {
  return session.ended_at === null && session.last_heartbeat_at > silentSince(now);
}

export interface Stream {
  device_name: string | null;
  device_kind: string;
}

/** Refuses a stream more than the plan has; `others` are the account's live sessions on other devices. */
export function requireStream(others: readonly Stream[], maxStreams: number): void {
  if (others.length < maxStreams) return;
  const devices = others.map(({ device_name, device_kind }) => device_name ?? `a ${device_kind} device`);
  throw new FlixError("stream_limit_reached", {
    detail: `The plan plays on ${maxStreams} ${maxStreams === 1 ? "device" : "devices"} at a time; now playing: ${devices.join(", ")}.`,
  });
}
