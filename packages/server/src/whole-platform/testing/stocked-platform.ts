import type { ContractOperation } from "../../kernel/contract.ts";
import { fillStock, subscribe } from "./belongings.ts";
import type { Named } from "./contract-requests.ts";
import { addViewer, provisionRoot, type Person } from "./people.ts";
import { startWholePlatform, type WholePlatform } from "./whole-platform.ts";

/** A platform on which every operation of the contract finds what it names. */
export interface StockedPlatform {
  platform: WholePlatform;
  named: Named;
  /** Who may call the operation and owns what is named: the viewer where it is a viewer's, else an admin. */
  personFor: (operation: ContractOperation) => Person;
}

export async function startStockedPlatform(): Promise<StockedPlatform> {
  const platform = await startWholePlatform();
  const root = await provisionRoot(platform);
  const stock = await fillStock(platform, root);
  const owner = await addViewer(platform);
  const named = { ...stock, ...(await subscribe(platform, owner, stock)) };
  return { platform, named, personFor: ({ access }) => (isViewers(access) ? owner : root) };
}

function isViewers({ scopeSets }: ContractOperation["access"]): boolean {
  return scopeSets.some((scopes) => scopes.includes("account") || scopes.includes("playback"));
}
