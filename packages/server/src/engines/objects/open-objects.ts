import type { OutageOptions } from "../outage.ts";
import { createDirectoryObjects } from "./directory.ts";
import type { ObjectsLocation } from "./location.ts";
import type { Objects } from "./objects.ts";

/** The store that the configuration names; throws an ObjectsError when it cannot be written. */
export async function openObjects(location: ObjectsLocation, log?: OutageOptions["log"]): Promise<Objects> {
  if (location.kind === "directory") {
    const objects = createDirectoryObjects(location.directory);
    await objects.check();
    return objects;
  }
  // A platform on a directory has no use for the SDK, which takes a quarter of a second to load.
  const { openS3Objects } = await import("./s3.ts");
  return openS3Objects(location, log);
}
