import type { Job } from "../../kernel/job.ts";
import type { PlaybackContext } from "./context.ts";
import { publishStopped } from "./session-events.ts";
import { deleteSessionsEndedBefore, endSilentSessions } from "./store/sessions.ts";

const batchSize = 500;
/** Until then a late heartbeat is told that its session has ended; after it, that there is none. */
const endedKeptMs = 7 * 24 * 3_600_000;

/** What the module does by the clock. */
export function createJobs(context: PlaybackContext): Job[] {
  return [
    {
      // Silent sessions count as ended at once; the job reports it where nobody asks.
      name: "playback.end-silent-sessions",
      everyMs: 15_000,
      run: async ({ signal, units }) => {
        let ended = batchSize;
        while (ended === batchSize && !signal.aborted) {
          ended = await units.write(async (unit) => {
            const sessions = await endSilentSessions(unit, context, batchSize);
            await publishStopped(unit, context, sessions);
            return sessions.length;
          });
        }
      },
    },
    {
      name: "playback.forget-ended-sessions",
      everyMs: 3_600_000,
      run: ({ units }) =>
        units.write((unit) =>
          deleteSessionsEndedBefore(unit, context, new Date(context.clock.now().getTime() - endedKeptMs)),
        ),
    },
  ];
}
