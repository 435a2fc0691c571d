import type { Handler } from "../../../kernel/handler.ts";
import { readProfile } from "../access.ts";
import type { UsersContext } from "../context.ts";
import { toProfile } from "../to-resources.ts";

export const getProfile: Handler<"getProfile", UsersContext> = async ({ params, principal, unit }, context) =>
  toProfile(await readProfile(unit, context, principal, params.profile_id));
