import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { holdProfile } from "../access.ts";
import type { UsersContext } from "../context.ts";
import { removeProfile, selectProfiles } from "../store/profiles.ts";

export const deleteProfile: Handler<"deleteProfile", UsersContext> = async (
  { params, principal, unit },
  context,
) => {
  const { id, account_id: accountId } = await holdProfile(unit, context, principal, params.profile_id);
  const siblings = await selectProfiles(unit, context, { accountId, limit: 2 });
  if (siblings.length < 2) throw new FlixError("last_profile");
  await removeProfile(unit, context, id);
  await unit.publish(context.database, {
    type: "profile.deleted",
    account_id: accountId,
    data: { profile_id: id },
  });
  return undefined;
};
