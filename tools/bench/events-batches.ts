import { uuidv7 } from "../../packages/sdk/src/uuid.ts";

export const eventsTogether = 100;

/** What a player sends while it plays, as the SDK's queue does: JSON arrays of 100 events, no two alike. */
export function makeBatches(sessionId: string, count: number): string[] {
  return Array.from({ length: count }, (_, batch) =>
    JSON.stringify(Array.from({ length: eventsTogether }, (_, index) => heartbeat(sessionId, batch, index))),
  );
}

function heartbeat(session_id: string, batch: number, index: number): object {
  const seq = batch * eventsTogether + index;
  const now = Date.now();
  return {
    event_id: uuidv7(now),
    session_id,
    seq,
    client_ts: new Date(now).toISOString(),
    type: "heartbeat",
    playhead_seconds: (seq % 7200) + 0.4,
    play_ms: 29_400,
    stall_ms: index % 10 === 0 ? 600 : 0,
    bitrate_kbps: 4200,
    height: 1080,
    cdn: "origin",
  };
}

/** Hands the work out to so many at a time; resolves with the seconds until the last is done. */
export async function timed<Item>(
  items: readonly Item[],
  together: number,
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  const waiting = items.values();
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: together }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
  return (performance.now() - startedMs) / 1000;
}
