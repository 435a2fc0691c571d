import type { Listener } from "../../kernel/events.ts";
import type { PlaybackContext } from "./context.ts";
import { publishStopped } from "./session-events.ts";
import { forgetAccount, forgetProfile, forgetTitle } from "./store/forgetting.ts";
import { endSessions } from "./store/sessions.ts";

/** What the module does when other modules' things change. */
export function createListeners(context: PlaybackContext): Listener[] {
  return [
    {
      name: "playback.forget-account",
      types: ["account.deleted"],
      handle: async ({ account_id }, unit) => {
        if (account_id !== null) await forgetAccount(unit, context, account_id);
      },
    },
    {
      name: "playback.forget-profile",
      types: ["profile.deleted"],
      handle: async ({ account_id, data }, unit) => {
        if (account_id !== null) await forgetProfile(unit, context, account_id, String(data["profile_id"]));
      },
    },
    {
      name: "playback.end-sessions-of-suspended",
      types: ["account.suspended"],
      handle: async ({ account_id }, unit) => {
        if (account_id === null) return;
        await publishStopped(unit, context, await endSessions(unit, context, { accountId: account_id }));
      },
    },
    {
      name: "playback.forget-title",
      types: ["title.deleted"],
      handle: async ({ data }, unit) => {
        const titleId = String(data["title_id"]);
        await publishStopped(unit, context, await endSessions(unit, context, { titleId }));
        await forgetTitle(unit, context, titleId);
      },
    },
  ];
}
