import type { Tokens, TokenStore } from "@flix/sdk";

const key = "flix.refresh-token";

/**
 * Keeps a sign-in. Access tokens stay in memory, where nothing but this page's code finds them. Only the refresh token
 * is written, so that a reload does not sign the viewer out, and to session storage rather than local storage: it belongs to
 * one tab and ends with it. The platform replaces the refresh token at each use and revokes the sign-in when an old one
 * comes back, so two tabs that shared one would sign each other out; a tab of its own each has no such race.
 */
export function createTokenStore(
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
): TokenStore & { clear(): string | undefined } {
  let tokens: Tokens | undefined;
  return {
    read() {
      tokens ??= restored(storage.getItem(key));
      return tokens;
    },
    write(next) {
      tokens = next;
      if (next.refreshToken !== undefined) storage.setItem(key, next.refreshToken);
    },
    clear() {
      const refreshToken = storage.getItem(key) ?? undefined;
      tokens = undefined;
      storage.removeItem(key);
      return refreshToken;
    },
  };
}

/** Expired from the start: the SDK's first call trades the refresh token for an access token. */
function restored(refreshToken: string | null): Tokens | undefined {
  if (refreshToken === null) return undefined;
  return { accessToken: "", refreshToken, expiresAt: 0, scopes: [] };
}
