import type { Handler } from "../../../kernel/handler.ts";
import type { CatalogContext } from "../context.ts";
import { recountGenres } from "../store/genres.ts";
import { insertTitle } from "../store/titles.ts";
import { changedFields, checkPlace, emptyFields } from "../title-fields.ts";
import { toTitle } from "../to-title.ts";

export const createTitle: Handler<"createTitle", CatalogContext> = async ({ body, unit }, context) => {
  const { kind, ...given } = body;
  const identity = { id: context.ids.next("ttl"), kind, created_at: context.clock.now() };
  const fields = changedFields(emptyFields, given);
  await checkPlace(unit, context, identity, fields);
  const row = await insertTitle(unit, context, identity, fields);
  await recountGenres(unit, context, undefined, row);
  return toTitle(row);
};
