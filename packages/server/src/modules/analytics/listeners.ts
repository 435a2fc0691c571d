import type { webhooks } from "@flix/openapi";
import type { Listener, StoredEvent } from "../../kernel/events.ts";
import type { AnalyticsContext } from "./context.ts";
import { forgetAccount, saveSession } from "./store.ts";

type StartedData = webhooks["playback.started"]["post"]["requestBody"]["content"]["application/json"]["data"];

export function createListeners({ database }: Pick<AnalyticsContext, "database">): Listener[] {
  return [
    {
      name: "analytics.learn-session",
      types: ["playback.started"],
      handle: async ({ account_id, data }, unit) => {
        if (account_id === null) return;
        const { device_kind: device, territory = null, ...session } = startedData(data);
        await saveSession(unit.on(database), { account_id, device, territory, ...session });
      },
    },
    {
      name: "analytics.forget-account",
      types: ["account.deleted"],
      handle: async ({ account_id }, unit) => {
        if (account_id !== null) await forgetAccount(unit.on(database), account_id);
      },
    },
  ];
}

/** The publisher's types hold what the contract promises; the log carries it as JSON. */
function startedData(data: StoredEvent["data"]): StartedData {
  return data as StartedData;
}
