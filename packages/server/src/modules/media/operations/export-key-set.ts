import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { openKey } from "../content-keys.ts";
import type { MediaContext } from "../context.ts";
import { toCpix } from "../cpix.ts";
import { findKeySet, listKeys } from "../store/key-sets.ts";

/** Who was told the keys is on record before they leave; an answer that is not recorded tells none. */
export const exportKeySet: Handler<"exportKeySet", MediaContext> = async (
  { params, principal, unit },
  context,
) => {
  const keySet = await findKeySet(unit, context, params.key_set_id);
  if (!keySet || principal.kind === "anonymous")
    throw new FlixError("not_found", { detail: "There is no such key set." });
  const { id: key_set_id, title_id, scheme } = keySet;
  await unit.publish(context.database, {
    type: "key_set.exported",
    data: { title_id, key_set_id, exported_by: principal.id },
  });
  const rows = await listKeys(unit, context, key_set_id);
  const opened = rows.map((row) => openKey(context.keySeals, row));
  const keys = unit.validateOnly ? opened.map((key) => ({ ...key, key: Buffer.alloc(16) })) : opened;
  return {
    key_set_id,
    title_id,
    scheme,
    keys: keys.map(({ keyId, tier, key }) => ({ key_id: keyId, tier, key: key.toString("hex") })),
    cpix: toCpix({ contentId: title_id, scheme, keys }),
  };
};
