import {
  errors,
  interactionPolicy,
  type AccessToken,
  type ClientCredentials,
  type Configuration,
  type KoaContextWithOIDC,
} from "oidc-provider";
import { deriveKey } from "../../../kernel/secret.ts";
import type { Kernel } from "../../../kernel/module.ts";
import { operatorScopes, viewerScopes } from "../../../kernel/security.ts";
import type { UsersContext } from "../context.ts";
import { findHolder } from "../holders.ts";
import type { Seal } from "../../../kernel/sealing.ts";
import type { SigningKey } from "../signing-key.ts";
import { clientScopes, createAdapter } from "./adapter.ts";
import { deviceFlowPages, renderError, signOutPages } from "./provider-pages.ts";
import { commandLineClientId, firstPartyClients, playerClientId } from "./first-party-clients.ts";
import { loadGrant } from "./grants.ts";
import { mountPathOf } from "./public-url.ts";
import { resourcesOf } from "./resources.ts";

export interface OauthOptions {
  kernel: Kernel;
  context: UsersContext;
  seal: Seal;
}

const day = 86_400;

/** How the provider is set up; what is not named here stays at the library's defaults, which follow RFC 9700. */
export function createConfiguration(
  { kernel, context, seal }: OauthOptions,
  signingKey: SigningKey,
): Configuration {
  const { publicUrl, secret, units } = kernel;
  const mountPath = mountPathOf(publicUrl);
  const resources = resourcesOf(publicUrl);
  const cookie = { httpOnly: true, sameSite: "lax", signed: true } as const;
  return {
    adapter: (model: string) => createAdapter(model, { units, context, seal }),
    jwks: { keys: [signingKey.privateJwk] },
    clients: firstPartyClients(publicUrl),
    extraClientMetadata: { properties: [clientScopes] },
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "none"],
    responseTypes: ["code"],
    scopes: ["openid", "offline_access"],
    claims: { openid: ["sub"] },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    // Browsers send Origin with a POST to their own origin too; an application elsewhere has no client here.
    clientBasedCORS: (_ctx, origin) => origin === new URL(publicUrl).origin,
    cookies: {
      keys: [deriveKey(secret, "oauth cookies").toString("base64url")],
      names: { session: "flix_session", interaction: "flix_interaction", resume: "flix_resume" },
      long: { ...cookie, path: mountPath },
      short: cookie,
    },
    ttl: {
      AccessToken: 600,
      ClientCredentials: 600,
      AuthorizationCode: 60,
      DeviceCode: 600,
      IdToken: 600,
      Interaction: 1_800,
      // A refresh token that nobody uses for 30 days ends; a sign-in ends after a year, the player's with its session.
      RefreshToken: () => 30 * day,
      Session: 90 * day,
      Grant: 365 * day,
    },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    expiresWithSession: (_ctx, source) => source.clientId === playerClientId,
    findAccount: async (_ctx, sub) => {
      const holder = await findHolder(units.read(), context, sub);
      return holder?.state === "active" ? { accountId: sub, claims: () => ({ sub }) } : undefined;
    },
    loadExistingGrant: (ctx) => loadGrant(ctx, { units, context, resources }),
    extraTokenClaims: (_ctx, token) => tokenClaims(token, { units, context }),
    interactions: {
      policy: signInPolicy(),
      url: (_ctx, { uid }) => `${mountPath}/interaction/${uid}`,
    },
    renderError,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: true, ...signOutPages },
      deviceFlow: { enabled: true, charset: "base-20", mask: "****-****", ...deviceFlowPages },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => publicUrl,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource, client) => {
          if (!resources.includes(resource)) throw new errors.InvalidTarget();
          const scope = scopesOf(client.clientId, client[clientScopes]);
          askForAllByDefault(ctx, scope);
          return {
            scope,
            audience: publicUrl,
            accessTokenFormat: "jwt",
            accessTokenTTL: 600,
            jwt: { sign: { alg: "ES256", kid: signingKey.kid } },
          };
        },
      },
    },
  };
}

/** What a client may ask for at all; a holder's own limits come on top. */
function scopesOf(clientId: string, ownScopes: unknown): string {
  if (clientId === playerClientId) return viewerScopes.join(" ");
  if (clientId === commandLineClientId)
    return [...new Set([...operatorScopes.admin, ...viewerScopes])].join(" ");
  return typeof ownScopes === "string" ? ownScopes : "";
}

/** A request without `scope` asks for all that it may get; a machine client that asks for more than it has is told so. */
function askForAllByDefault({ oidc }: KoaContextWithOIDC, scope: string): void {
  const { params, route } = oidc;
  if (params === undefined) return;
  const isMachine = route === "token" && params["grant_type"] === "client_credentials";
  if (isMachine && typeof params["scope"] === "string") {
    const known = scope.split(" ");
    const foreign = params["scope"].split(" ").filter((word) => !known.includes(word));
    if (foreign.length > 0)
      throw new errors.InvalidScope("the client may not ask for this", foreign.join(" "));
  }
  if (isMachine || route === "authorization" || route === "device_authorization") params["scope"] ??= scope;
}

/** Consent is not asked for: there are only first-party applications. */
function signInPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.remove("consent");
  policy.get("login")?.checks.add(
    new interactionPolicy.Check(
      "another_person",
      "the application needs another sign-in",
      "login_required",
      ({ oidc }) => {
        if (oidc.result?.login !== undefined) return false;
        // Any program can say that it is the command line, so it never rides on a browser's session (RFC 8252 section 8.6).
        if (oidc.client?.clientId === commandLineClientId) return true;
        return oidc.session?.accountId?.startsWith("acc_") !== true;
      },
    ),
  );
  return policy;
}

async function tokenClaims(
  token: AccessToken | ClientCredentials,
  { units, context }: Pick<Kernel, "units"> & { context: UsersContext },
): Promise<Record<string, string> | undefined> {
  if (token.kind !== "AccessToken") return { kind: "client" };
  const holder = await findHolder(units.read(), context, token.accountId);
  if (!holder) throw new errors.InvalidGrant("the account is gone");
  const claims = { kind: holder.kind, grant_id: token.grantId };
  return holder.kind === "operator" ? { ...claims, role: holder.role } : claims;
}
