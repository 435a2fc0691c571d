import type { Unit } from "../../kernel/unit.ts";
import type { MediaContext } from "./context.ts";
import { findKeySet, lockKeySet, removeKeySet, type KeySetRow } from "./store/key-sets.ts";

/** Forgets the keys of a package that is gone, unless another package has them. */
export async function forgetUnusedKeys(
  unit: Unit,
  context: MediaContext,
  keySetId: string | null,
): Promise<void> {
  if (keySetId === null) return;
  await lockKeySet(unit, context, keySetId);
  const keySet = await findKeySet(unit, context, keySetId);
  if (keySet?.package_ids.length === 0) await forgetKeySet(unit, context, keySet);
}

export async function forgetKeySet(
  unit: Unit,
  context: MediaContext,
  { id, title_id }: Pick<KeySetRow, "id" | "title_id">,
): Promise<void> {
  await removeKeySet(unit, context, id);
  await unit.publish(context.database, { type: "key_set.deleted", data: { title_id, key_set_id: id } });
}
