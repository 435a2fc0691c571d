import type { MediaContext } from "./context.ts";
import { packagePrefix } from "./package-paths.ts";
import { requestDeletions } from "./store/deletions.ts";
import { findPackageOf } from "./store/packages.ts";
import { lockUpload, markStored, type UploadRow } from "./store/uploads.ts";

/** A file is whole, in its place and what it should be. */
export async function recordStored(context: MediaContext, upload: UploadRow): Promise<void> {
  await context.units.write(async (unit) => {
    if (await lockUpload(unit, context, upload.id)) {
      return markStored(unit, context, [upload.id], context.clock.now());
    }
    // The package was deleted meanwhile, and its objects perhaps before this one was there.
    const again = await findPackageOf(unit, context, upload);
    if (!again) await requestDeletions(unit, context, [packagePrefix(upload)]);
    return undefined;
  });
}
