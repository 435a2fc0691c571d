import { createFlix, systemClock, type Clock } from "@flix/sdk";
import {
  fillStock,
  subscribe,
  type Stock,
} from "../../../packages/server/src/whole-platform/testing/belongings.ts";
import { addViewer, provisionRoot } from "../../../packages/server/src/whole-platform/testing/people.ts";
import {
  startWholePlatform,
  type WholePlatform,
} from "../../../packages/server/src/whole-platform/testing/whole-platform.ts";
import { provision, testSecret } from "../../../packages/server/testing/server-process.ts";
import type { OwnPlatform } from "./own-platform.ts";
import type { PlayingViewer } from "./writers.ts";

/** Waits a tenth of what the SDK would, so that many retries come into one round. */
const hurriedClock: Clock = {
  ...systemClock,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / 10, signal),
};

/** What is there before the first write: a film that plays, and a plan to subscribe to. */
export function stageStock(platform: OwnPlatform): Promise<Stock> {
  return beside(platform, async (whole) => fillStock(whole, await provisionRoot(whole)));
}

/** Another viewer who subscribed, signed in and plays the film; the token is good for ten minutes. */
export function stageViewer(platform: OwnPlatform, stock: Stock): Promise<PlayingViewer> {
  return beside(platform, async (whole) => {
    const viewer = await addViewer(whole);
    const { profile_id: profileId, session_id: sessionId } = await subscribe(whole, viewer, stock);
    const flix = createFlix({ server: platform.url, token: viewer.token ?? "", clock: hurriedClock });
    return { flix, profileId, sessionId, titleId: stock.title_id };
  });
}

/** A machine client that may do all that an admin may. */
export async function stageStaff({ url, databaseUrl }: OwnPlatform) {
  return createFlix({ server: url, ...(await provision(databaseUrl)), clock: hurriedClock });
}

/** In this process, over the same database and folder: nothing of it stays. */
async function beside<Result>(
  { databaseUrl: connectionString, environment }: OwnPlatform,
  work: (whole: WholePlatform) => Promise<Result>,
): Promise<Result> {
  const database = { connectionString, drop: () => Promise.resolve() };
  const secret = Buffer.from(testSecret, "hex");
  const whole = await startWholePlatform(environment, { database, secret });
  try {
    return await work(whole);
  } finally {
    await whole.close();
  }
}
