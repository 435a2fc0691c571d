import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { requireAccountWriter } from "../access.ts";
import type { UsersContext } from "../context.ts";
import { freeAvatar, maturityLimit, maxProfiles } from "../profile-rules.ts";
import { lockAccount } from "../store/accounts.ts";
import { insertProfile, selectProfiles } from "../store/profiles.ts";
import { toProfile } from "../to-resources.ts";

export const createProfile: Handler<"createProfile", UsersContext> = async (
  { params, body, principal, unit },
  context,
) => {
  requireAccountWriter(principal, params.account_id);
  // Held, so that two at a time cannot both be the fifth.
  const account = await lockAccount(unit, context, params.account_id);
  const others = await selectProfiles(unit, context, { accountId: account.id, limit: maxProfiles });
  if (others.length >= maxProfiles) throw new FlixError("profile_limit_reached");
  const isChild = body.is_child ?? false;
  const profile = await insertProfile(unit, context, {
    account_id: account.id,
    name: body.name,
    avatar: body.avatar ?? freeAvatar(others.map(({ avatar }) => avatar)),
    language: body.language ?? account.language,
    maturity_limit: maturityLimit(isChild, body.maturity_limit),
    is_child: isChild,
  });
  return toProfile(profile);
};
