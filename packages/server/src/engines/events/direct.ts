import type { EventStream, Subscription } from "./event-stream.ts";

/** Without a broker the handlers run in the publisher's unit: the tables that they write are the log. */
export function createDirectStream(): EventStream {
  const subscriptions: Subscription[] = [];
  return {
    shared: false,
    async publish(unit, topic, messages) {
      let added: number | undefined;
      for (const { handle } of subscriptions.filter((subscription) => subscription.topic === topic)) {
        added = Math.max(added ?? 0, await handle(messages, unit));
      }
      return added;
    },
    subscribe: (subscription) => void subscriptions.push(subscription),
    start: () => {},
    stop: () => Promise.resolve(),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
