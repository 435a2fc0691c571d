import type { Unit } from "../../../kernel/unit.ts";
import type { PlaybackContext } from "../context.ts";

const tables = ["sessions", "positions"] as const;

export async function forgetAccount(
  unit: Unit,
  { database }: PlaybackContext,
  accountId: string,
): Promise<void> {
  for (const table of tables)
    await unit.on(database).deleteFrom(table).where("account_id", "=", accountId).execute();
}

export async function forgetProfile(
  unit: Unit,
  { database }: PlaybackContext,
  accountId: string,
  profileId: string,
): Promise<void> {
  for (const table of tables) {
    await unit
      .on(database)
      .deleteFrom(table)
      .where("account_id", "=", accountId)
      .where("profile_id", "=", profileId)
      .execute();
  }
}

export async function forgetTitle(unit: Unit, { database }: PlaybackContext, titleId: string): Promise<void> {
  await unit.on(database).deleteFrom("positions").where("title_id", "=", titleId).execute();
}
