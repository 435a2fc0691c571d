import { FlixError } from "../../kernel/errors.ts";
import { requireAccount, type Principal } from "../../kernel/security.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Viewpoint } from "../catalog/index.ts";
import type { Profile } from "../users/index.ts";
import { requireAdmission, type Admission } from "./admission.ts";
import type { PlaybackContext } from "./context.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Who watches, and from where. */
export interface Viewing {
  accountId: string;
  profile: Profile;
  viewpoint: Viewpoint;
}

/** The caller's own profile and its viewpoint; another account's profile is not there. */
export async function openViewing(
  unit: Unit,
  context: PlaybackContext,
  { principal, headers, profileId }: { principal: Principal; headers: Headers; profileId: string },
): Promise<Viewing> {
  const { id: accountId } = requireAccount(principal);
  const profile = await context.users.getProfile(unit, profileId);
  if (profile?.accountId !== accountId) throw new FlixError("profile_not_found");
  return { accountId, profile, viewpoint: await viewpointOf(unit, context, accountId, headers) };
}

/** The account's country, or what the proxy in front says, now. */
export async function viewpointOf(
  unit: Unit,
  { users, clock, territoryHeader }: PlaybackContext,
  accountId: string,
  headers: Headers = {},
): Promise<Viewpoint> {
  const told = territoryHeader === undefined ? undefined : headers[territoryHeader];
  if (typeof told === "string" && /^[A-Z]{2}$/.test(told)) return { territory: told, at: clock.now() };
  const viewer = await users.getViewer(unit, accountId);
  if (viewer?.state !== "active") throw new FlixError("account_not_found");
  return { territory: viewer.country, at: clock.now() };
}

/** Collects what the admission asks for, and decides. */
export async function admit(
  unit: Unit,
  { catalog, billing }: PlaybackContext,
  { accountId, profile, viewpoint }: Viewing,
  titleId: string,
): Promise<Admission> {
  const title = await catalog.getTitle(unit, titleId, profile.language);
  return requireAdmission({
    title,
    visible: title !== undefined && catalog.isVisible(title, viewpoint),
    viewpoint,
    maturityLimit: profile.maturityLimit,
    entitlement: await billing.entitlementOf(unit, accountId),
  });
}
