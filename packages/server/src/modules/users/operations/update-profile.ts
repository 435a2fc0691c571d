import { requireMatch } from "../../../kernel/etags.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { holdProfile } from "../access.ts";
import type { UsersContext } from "../context.ts";
import { maturityLimit } from "../profile-rules.ts";
import { changeProfile } from "../store/profiles.ts";
import { toProfile } from "../to-resources.ts";

export const updateProfile: Handler<"updateProfile", UsersContext> = async (
  { params, body, principal, unit, ifMatch },
  context,
) => {
  const profile = await holdProfile(unit, context, principal, params.profile_id);
  requireMatch(ifMatch, profile.version);
  const isChild = body.is_child ?? profile.is_child;
  // A profile that becomes a child's must not keep what only an adult's may have: it is refused, never lowered silently.
  const limit = maturityLimit(isChild, body.maturity_limit ?? profile.maturity_limit);
  return toProfile(await changeProfile(unit, context, profile.id, { ...body, maturity_limit: limit }));
};
