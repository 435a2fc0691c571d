import type { Flix, TokenContext, TokenProvider } from "@flix/sdk";
import type { ClientCredentials, ConfigStore, SavedCredentials, SavedTokens } from "./config.ts";
import { notSignedIn } from "./errors.ts";
import type { Target } from "./target.ts";
import { version } from "./version.ts";

/** The platform as the target's credentials see it. The SDK is loaded here, so no sooner than a command needs it. */
export async function openSession({ target, config, signal }: SessionOptions): Promise<Flix> {
  const { createFlix } = await import("@flix/sdk");
  return createFlix({
    server: target.server,
    tokenProvider: await tokenProviderOf(target, config),
    headers: { "user-agent": `flix-cli/${version}` },
    ...(signal && {
      fetch: (request) => fetch(request, { signal: AbortSignal.any([request.signal, signal]) }),
    }),
  });
}

export interface SessionOptions {
  target: Target;
  config: ConfigStore;
  /** Ends every request; absent, each has its own. */
  signal?: AbortSignal;
}

async function tokenProviderOf(
  { credentials, context = "" }: Target,
  config: ConfigStore,
): Promise<TokenProvider | undefined> {
  if (!credentials) return undefined;
  const sdk = await import("@flix/sdk");
  switch (credentials.kind) {
    case "token":
      return () => credentials.token;
    case "environment":
      return sdk.clientCredentials(credentials);
    case "client":
      return savedClient(context, credentials, config, sdk.clientCredentials(credentials));
    case "person": {
      const { clientId } = credentials;
      return sdk.refreshTokens({ clientId, store: tokenStore(context, config) });
    }
    default:
      return credentials satisfies never;
  }
}

/** Tokens of a person, in the configuration; the lock spans the whole refresh, so that two processes never use one refresh token. */
function tokenStore(context: string, config: ConfigStore) {
  let renewed: SavedTokens | undefined;
  return {
    read: async () => personTokens(context, (await config.read()).contexts[context]?.credentials),
    write: (tokens: SavedTokens) => {
      renewed = tokens;
    },
    async lock<T>(run: () => Promise<T>): Promise<T> {
      let result: { value: T } | undefined;
      await config.change(async (saved) => {
        renewed = undefined;
        result = { value: await run() };
        const own = saved.contexts[context];
        if (!renewed || own?.credentials?.kind !== "person") return saved;
        const credentials = { ...own.credentials, tokens: renewed };
        return { ...saved, contexts: { ...saved.contexts, [context]: { ...own, credentials } } };
      });
      if (!result) throw notSignedIn(`The context "${context}" is gone`);
      return result.value;
    },
  };
}

function personTokens(context: string, credentials: SavedCredentials | undefined): SavedTokens {
  if (credentials?.kind === "person") return credentials.tokens;
  throw notSignedIn(
    `Nobody is signed in to "${context}"`,
    `Sign in with \`flix login --context ${context}\`.`,
  );
}

/** A machine client's access token lasts for several commands: it is kept beside its secret. */
function savedClient(
  context: string,
  { clientId, tokens }: ClientCredentials,
  config: ConfigStore,
  renew: TokenProvider,
): TokenProvider {
  let known = tokens?.accessToken;
  return async (asked: TokenContext) => {
    const usable = tokens && tokens.expiresAt - marginMs > asked.clock.now();
    if (usable && known !== undefined && known !== asked.rejectedToken) return known;
    const renewed = await renew(asked);
    if (renewed === undefined || renewed === known) return renewed;
    known = renewed;
    await saveToken(context, clientId, renewed, config);
    return renewed;
  };
}

const marginMs = 10_000;

async function saveToken(
  context: string,
  clientId: string,
  accessToken: string,
  config: ConfigStore,
): Promise<void> {
  const expiresAt = expiryOf(accessToken);
  if (expiresAt === undefined) return;
  await config.change((saved) => {
    const own = saved.contexts[context];
    if (own?.credentials?.kind !== "client" || own.credentials.clientId !== clientId) return saved;
    const credentials = { ...own.credentials, tokens: { accessToken, expiresAt, scopes: [] } };
    return { ...saved, contexts: { ...saved.contexts, [context]: { ...own, credentials } } };
  });
}

/** Read, not verified: the server verifies it with each request. */
function expiryOf(jwt: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
    const known = typeof claims === "object" && claims !== null && "exp" in claims;
    return known && typeof claims.exp === "number" ? claims.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
