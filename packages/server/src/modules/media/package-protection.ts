import type { components } from "@flix/openapi";
import { FlixError } from "../../kernel/errors.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { MediaContext } from "./context.ts";
import { tierOf } from "./key-tiers.ts";
import { findKeySet, lockKeySet } from "./store/key-sets.ts";

type NewPackage = components["schemas"]["NewPackage"];
type Protection = components["schemas"]["Protection"];

/** Refuses a protection that could not be played: keys that nobody has, or a rendition without a key. */
export async function requireProtection(
  unit: Unit,
  context: MediaContext,
  titleId: string,
  { protection, renditions }: Pick<NewPackage, "protection" | "renditions">,
): Promise<void> {
  if (protection === undefined) return;
  const { keys, key_set_id, key_systems } = protection;
  const keyed = new Set(keys.map(({ tier }) => tier));
  const bare = renditions.find((rendition) => {
    const tier = tierOf(rendition);
    return tier !== undefined && !keyed.has(tier);
  });
  if (bare) throw notValid(`There is no key for ${bare.id}.`);
  if (key_systems.includes("org.w3.clearkey") !== (key_set_id !== undefined))
    throw notValid("`org.w3.clearkey` and `key_set_id` come together or not at all.");
  if (key_set_id !== undefined) await requireKeys(unit, context, titleId, protection, key_set_id);
}

async function requireKeys(
  unit: Unit,
  context: MediaContext,
  titleId: string,
  { keys, scheme }: Protection,
  keySetId: string,
): Promise<void> {
  await lockKeySet(unit, context, keySetId);
  const keySet = await findKeySet(unit, context, keySetId);
  if (keySet?.title_id !== titleId) throw notValid(`The title has no key set ${keySetId}.`);
  if (keySet.scheme !== scheme) throw notValid(`${keySetId} is made for ${keySet.scheme}.`);
  const known = new Set(keySet.keys.map(({ key_id, tier }) => `${key_id} ${tier}`));
  const foreign = keys.find(({ key_id, tier }) => !known.has(`${key_id} ${tier}`));
  if (foreign) throw notValid(`${keySetId} has no key ${foreign.key_id} for ${foreign.tier}.`);
}

function notValid(detail: string): FlixError {
  return new FlixError("package_protection_not_valid", { detail });
}
