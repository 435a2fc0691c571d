import { buffer } from "node:stream/consumers";
import type { Objects } from "./objects.ts";

/** An object that is known to be small, whole; undefined when it is not there. */
export async function readObject(
  objects: Pick<Objects, "open">,
  key: string,
): Promise<Buffer<ArrayBuffer> | undefined> {
  const opened = await objects.open(key);
  return opened?.state === "open" ? buffer(opened.body) : undefined;
}
