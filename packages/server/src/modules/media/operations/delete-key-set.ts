import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { forgetKeySet } from "../forget-keys.ts";
import { findKeySet, lockKeySet } from "../store/key-sets.ts";

export const deleteKeySet: Handler<"deleteKeySet", MediaContext> = async ({ params, unit }, context) => {
  await lockKeySet(unit, context, params.key_set_id);
  const keySet = await findKeySet(unit, context, params.key_set_id);
  if (!keySet) throw new FlixError("not_found", { detail: "There is no such key set." });
  const [user] = keySet.package_ids;
  if (user !== undefined) throw new FlixError("key_set_in_use", { detail: `${user} is encrypted with it.` });
  await forgetKeySet(unit, context, keySet);
};
