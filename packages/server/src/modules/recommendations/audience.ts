import { FlixError } from "../../kernel/errors.ts";
import { hasScope, type Principal } from "../../kernel/security.ts";
import type { Unit } from "../../kernel/unit.ts";
import { suits, type Title, type Viewpoint } from "../catalog/index.ts";
import type { Profile } from "../users/index.ts";
import type { RecommendationsContext } from "./context.ts";

/** Whom a page is made for: a profile, and where and when it looks. */
export interface Audience {
  profile: Profile;
  viewpoint: Viewpoint;
}

/** The profile, if the caller may read it: its own account, or staff with `users:read`. */
export async function openAudience(
  unit: Unit,
  { users, clock }: RecommendationsContext,
  principal: Principal,
  profileId: string,
): Promise<Audience> {
  const profile = await users.getProfile(unit, profileId);
  // A foreign profile and none at all are answered alike, so that ids cannot be probed.
  if (!profile || !mayRead(principal, profile.accountId)) throw new FlixError("profile_not_found");
  const viewer = await users.getViewer(unit, profile.accountId);
  if (!viewer) throw new FlixError("profile_not_found");
  return { profile, viewpoint: { territory: viewer.country, at: clock.now() } };
}

function mayRead(principal: Principal, accountId: string): boolean {
  return principal.kind === "account" ? principal.id === accountId : hasScope(principal, "users:read");
}

/** Whether the profile may watch the title now. */
export function mayWatch(
  { catalog }: Pick<RecommendationsContext, "catalog">,
  { profile, viewpoint }: Audience,
  title: Title,
): boolean {
  return catalog.isVisible(title, viewpoint) && suits(title, profile.maturityLimit);
}

/** Those of the titles that the profile may watch, in the order of the ids. */
export async function suitable(
  unit: Unit,
  context: RecommendationsContext,
  audience: Audience,
  ids: readonly string[],
): Promise<Title[]> {
  if (ids.length === 0) return [];
  const titles = await context.catalog.getTitles(unit, ids, { language: audience.profile.language });
  return ids.flatMap((id) => {
    const title = titles.get(id);
    return title && mayWatch(context, audience, title) ? [title] : [];
  });
}
