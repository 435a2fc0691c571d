import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { findKeySet } from "../store/key-sets.ts";
import { toKeySet } from "../to-key-set.ts";

export const getKeySet: Handler<"getKeySet", MediaContext> = async ({ params, unit }, context) => {
  const keySet = await findKeySet(unit, context, params.key_set_id);
  if (!keySet) throw new FlixError("not_found", { detail: "There is no such key set." });
  return toKeySet(keySet);
};
