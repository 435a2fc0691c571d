import type { Units } from "../../kernel/unit.ts";
import type { CatalogContext } from "./context.ts";
import { takeUnusedArtworkFiles } from "./store/artwork-files.ts";

const graceMs = 24 * 3_600_000;
const batchSize = 100;

/** Pages that still show a picture's old address have a day to be read again. */
export async function deleteUnusedArtwork(
  units: Units,
  context: CatalogContext,
  signal: AbortSignal,
): Promise<void> {
  const before = new Date(context.clock.now().getTime() - graceMs);
  for (let count = batchSize; count === batchSize && !signal.aborted;) {
    count = await units.write(async (unit) => {
      const files = await takeUnusedArtworkFiles(unit, context, before, batchSize);
      // Before the commit: what fails here is tried again.
      for (const file of files) await context.objects.delete(`artwork/${file}`);
      return files.length;
    });
  }
}
