import { readConfig } from "../../../packages/server/src/config.ts";
import { openEventStream } from "../../../packages/server/src/engines/events/open-event-stream.ts";
import { systemClock } from "../../../packages/server/src/kernel/clock.ts";
import { createIds } from "../../../packages/server/src/kernel/ids.ts";
import { createLog } from "../../../packages/server/src/kernel/log.ts";
import { createUnits } from "../../../packages/server/src/kernel/unit.ts";

export interface TopicReader {
  ids: ReadonlySet<string>;
  /** How many events of a type there are, without repeats, by whom or what they are about. */
  counts(type: string): Map<string, number>;
  /** How many were there again. */
  repeats(): number;
  stop(): Promise<void>;
}

/** Reads the platform's events from the topic's beginning, as another system would, and goes on reading. */
export async function readTopic(environment: Record<string, string>): Promise<TopicReader> {
  const stream = await openEventStream(readConfig(environment).kafka, createLog("silent"));
  const ids = new Set<string>();
  const subjects = new Map<string, string[]>();
  let messageCount = 0;
  stream.subscribe({
    topic: "events",
    group: "warehouse",
    handle: async (messages) => {
      messageCount += messages.length;
      for (const { id, type, account_id, data } of messages.map(({ value }) => JSON.parse(value))) {
        if (ids.has(id)) continue;
        ids.add(id);
        const subject = data.session_id ?? data.title_id ?? account_id;
        subjects.set(type, [...(subjects.get(type) ?? []), subject]);
      }
      return messages.map(() => 1);
    },
  });
  const units = createUnits({ clock: systemClock, ids: createIds(systemClock) });
  stream.start({ units, onDeadLetter: () => {} });
  return {
    ids,
    counts: (type) => countEach(subjects.get(type) ?? []),
    repeats: () => messageCount - ids.size,
    async stop() {
      await stream.stop();
      await stream.close();
    },
  };
}

function countEach(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
