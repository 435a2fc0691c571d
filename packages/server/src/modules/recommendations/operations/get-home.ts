import type { Handler } from "../../../kernel/handler.ts";
import { openAudience } from "../audience.ts";
import type { RecommendationsContext } from "../context.ts";
import { composeHome } from "../home.ts";

export const getHome: Handler<"getHome", RecommendationsContext> = async (
  { params, principal, unit },
  context,
) => composeHome(unit, context, await openAudience(unit, context, principal, params.profile_id));
