import { createRequire } from "node:module";

/**
 * kafkajs 2.2.4 looks at a connection's waiting requests again after a time that is negative when it is not throttled: once a
 * millisecond for as long as the connection lives, with a TimeoutNegativeWarning on Node 24 (tulios/kafkajs#1751). There is
 * something to look at only while requests wait, and whoever makes one wait asks for the look.
 */
export function restRequestQueue(): void {
  const queue: unknown = createRequire(import.meta.url)("kafkajs/src/network/requestQueue/index.js");
  const prototype: unknown = Reflect.get(Object(queue), "prototype");
  const look: unknown = Reflect.get(Object(prototype), name);
  if (typeof prototype !== "object" || prototype === null || typeof look !== "function") return;
  if (rested.has(prototype)) return;
  rested.add(prototype);
  Reflect.set(prototype, name, function lookIfSomethingWaits(this: { pending: unknown[] }) {
    if (this.pending.length > 0) Reflect.apply(look, this, []);
  });
}

const name = "scheduleCheckPendingRequests";
const rested = new WeakSet<object>();
