import type { EventStream, StreamMessage } from "../src/engines/events/event-stream.ts";

/**
 * What is published has been handled when `publish` resolves, as without a broker, so that a test finds what it has just sent.
 * What may happen on the way through the broker is for the tests that are about it.
 */
export function handledWhenPublished(stream: EventStream): EventStream {
  if (!stream.shared) return stream;
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  const subscribed = new Set<string>();
  let started = false;
  const handled = (message: StreamMessage): Promise<void> => {
    const name = nameOf(message);
    const one = waiting.get(name) ?? Promise.withResolvers<void>();
    waiting.set(name, one);
    return one.promise;
  };
  return {
    ...stream,
    async publish(unit, topic, messages) {
      const all = subscribed.has(topic) && !unit.validateOnly ? messages.map(handled) : [];
      const added = await stream.publish(unit, topic, messages);
      await Promise.all(all);
      return added;
    },
    subscribe({ handle, ...subscription }) {
      subscribed.add(subscription.topic);
      stream.subscribe({
        ...subscription,
        async handle(messages, unit) {
          unit.afterCommit(() => {
            for (const name of messages.map(nameOf)) {
              waiting.get(name)?.resolve();
              waiting.delete(name);
            }
          });
          return handle(messages, unit);
        },
      });
    },
    /** By the platform of a test as soon as it is made, and by one that begins to work in the background. */
    start(runtime) {
      if (!started) stream.start(runtime);
      started = true;
    },
  };
}

function nameOf({ key, value, headers }: StreamMessage): string {
  return JSON.stringify([key, value, headers]);
}
