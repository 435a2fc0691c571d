import { openKey, sealKey } from "./content-keys.ts";
import type { MediaContext } from "./context.ts";
import { lockKeysSealedOtherwise, resealKey } from "./store/key-sets.ts";

const batchSize = 500;

/** After the platform's secret was replaced, what the one before sealed is sealed by the new one; then the old one can be forgotten. */
export async function resealKeys(context: MediaContext, signal: AbortSignal): Promise<void> {
  let count = batchSize;
  while (count === batchSize && !signal.aborted) count = await resealBatch(context);
}

function resealBatch(context: MediaContext): Promise<number> {
  const { keySeals, units } = context;
  return units.write(async (unit) => {
    const rows = await lockKeysSealedOtherwise(unit, context, keySeals[0].name, batchSize);
    for (const row of rows) await resealKey(unit, context, sealKey(keySeals, openKey(keySeals, row)));
    return rows.length;
  });
}
