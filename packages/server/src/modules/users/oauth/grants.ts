import type { Grant, KoaContextWithOIDC } from "oidc-provider";
import type { Units } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";
import { findHolder } from "../holders.ts";
import { commandLineClientId } from "./first-party-clients.ts";

export interface GrantOptions {
  units: Units;
  context: UsersContext;
  /** Every name of the platform that a client may use. */
  resources: string[];
}

/**
 * The grant that a sign-in works under: exactly what its holder may do. A browser's session keeps one for the player;
 * every sign-in of the command line is a family of its own, so that one machine's sign-out leaves the others alone.
 */
export async function loadGrant(
  { oidc }: KoaContextWithOIDC,
  { units, context, resources }: GrantOptions,
): Promise<Grant | undefined> {
  const { client, account, session, provider, result } = oidc;
  if (!client || !account || !session) return undefined;
  const isCommandLine = client.clientId === commandLineClientId;
  // It is about to be asked for the password; there is nothing to grant before.
  if (isCommandLine && result?.login === undefined) return undefined;
  const knownId = isCommandLine ? undefined : session.grantIdFor(client.clientId);
  const known = knownId === undefined ? undefined : await provider.Grant.find(knownId);
  if (known?.accountId === account.accountId) return known;

  const holder = await findHolder(units.read(), context, account.accountId);
  if (!holder) return undefined;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope("openid offline_access");
  for (const resource of resources) grant.addResourceScope(resource, holder.scopes.join(" "));
  await grant.save();
  return grant;
}
