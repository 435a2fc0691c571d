import type { Unit } from "../../kernel/unit.ts";
import type { UsersContext } from "./context.ts";
import { freeAvatar, maturityLimit } from "./profile-rules.ts";
import { insertAccount, type AccountDraft, type AccountRow } from "./store/accounts.ts";
import { insertProfile, type ProfileRow } from "./store/profiles.ts";

/** An account comes with a profile that bears its name, so that there is somebody to watch as. */
export async function openAccount(
  unit: Unit,
  context: UsersContext,
  draft: AccountDraft,
): Promise<{ account: AccountRow; profile: ProfileRow }> {
  const account = await insertAccount(unit, context, draft);
  const { id, name, country, language } = account;
  const profile = await insertProfile(unit, context, {
    account_id: id,
    name,
    avatar: freeAvatar([]),
    language,
    maturity_limit: maturityLimit(false, undefined),
    is_child: false,
  });
  await unit.publish(context.database, {
    type: "account.created",
    account_id: id,
    data: { country, language },
  });
  return { account, profile };
}
