import type { Listener, StoredEvent } from "../../kernel/events.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { RecommendationsContext } from "./context.ts";
import { forgetAccount, forgetProfile, forgetTitle, saveView } from "./store/history.ts";

/** History is learned from playback's events; what belongs to who or what is gone is forgotten. */
export function createListeners(context: RecommendationsContext): Listener[] {
  return [
    {
      name: "recommendations.learn-view",
      types: ["playback.progressed"],
      handle: (event, unit) => learnView(unit, context, event),
    },
    {
      name: "recommendations.forget-account",
      types: ["account.deleted"],
      handle: async ({ account_id }, unit) => {
        if (account_id !== null) await forgetAccount(unit, context, account_id);
      },
    },
    {
      name: "recommendations.forget-profile",
      types: ["profile.deleted"],
      handle: async ({ account_id, data }, unit) => {
        const profileId = String(data["profile_id"]);
        if (account_id !== null) await forgetProfile(unit, context, { accountId: account_id, profileId });
      },
    },
    {
      name: "recommendations.forget-title",
      types: ["title.deleted"],
      handle: ({ data }, unit) => forgetTitle(unit, context, String(data["title_id"])),
    },
  ];
}

/** An episode counts for its series: who watched one likes the whole. */
async function learnView(
  unit: Unit,
  context: RecommendationsContext,
  { account_id, data, occurred_at }: StoredEvent,
): Promise<void> {
  const { profile_id, title_id, position_seconds, duration_seconds } = data;
  const title = await context.catalog.getTitle(unit, String(title_id));
  if (account_id === null || !title) return;
  const furthest = Math.min(1, Math.max(0, Number(position_seconds) / Number(duration_seconds))) || 0;
  const titleId = title.episode?.series_id ?? title.id;
  await saveView(
    unit,
    context,
    { accountId: account_id, profileId: String(profile_id) },
    { titleId, furthest, at: occurred_at },
  );
}
