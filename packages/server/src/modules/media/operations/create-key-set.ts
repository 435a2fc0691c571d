import type { components } from "@flix/openapi";
import type { Handler } from "../../../kernel/handler.ts";
import type { Unit } from "../../../kernel/unit.ts";
import { newContentKey, sealKey } from "../content-keys.ts";
import type { MediaContext } from "../context.ts";
import {
  findKeySet,
  findUnfinishedKeySet,
  insertKeys,
  insertKeySet,
  lockKeySetsOf,
  type FullKeySet,
} from "../store/key-sets.ts";
import { requireFilm } from "../titles.ts";
import { toKeySet } from "../to-key-set.ts";

type NewKeySet = components["schemas"]["NewKeySet"];

export const createKeySet: Handler<"createKeySet", MediaContext> = async (
  { params, body, unit },
  context,
) => {
  await requireFilm(unit, context, params.title_id);
  await lockKeySetsOf(unit, context, params.title_id);
  const id = await findOrInsert(unit, context, params.title_id, body);
  const before = await getFull(unit, context, id);
  const held = new Set(before.keys.map(({ tier }) => tier));
  const missing = body.tiers.filter((tier) => !held.has(tier));
  const keys = missing.map((tier) => ({
    key_set_id: id,
    ...sealKey(context.keySeals, newContentKey(tier)),
  }));
  await insertKeys(unit, context, keys);
  return toKeySet(await getFull(unit, context, id));
};

/** An encode that goes on after an interruption asks again; its ladder may have more tiers by then. */
async function findOrInsert(
  unit: Unit,
  context: MediaContext,
  title_id: string,
  { scheme, encode_key }: NewKeySet,
): Promise<string> {
  const known =
    encode_key === undefined
      ? undefined
      : await findUnfinishedKeySet(unit, context, { title_id, scheme, encode_key });
  if (known) return known.id;
  const id = context.ids.next("kst");
  const created_at = context.clock.now();
  await insertKeySet(unit, context, { id, title_id, scheme, encode_key: encode_key ?? null, created_at });
  await unit.publish(context.database, {
    type: "key_set.created",
    data: { title_id, key_set_id: id, scheme },
  });
  return id;
}

async function getFull(unit: Unit, context: MediaContext, id: string): Promise<FullKeySet> {
  const keySet = await findKeySet(unit, context, id);
  if (!keySet) throw new Error(`The key set ${id} is gone while it is locked`);
  return keySet;
}
