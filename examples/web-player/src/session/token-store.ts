import type { Tokens, TokenStore } from "@flix/sdk";

const key = "flix.tokens";

/**
 * Keeps a sign-in over a reload, in session storage rather than local storage: it belongs to one tab and ends with it.
 * The platform replaces the refresh token at each use and revokes the sign-in when an old one comes back, so two tabs that
 * shared one would sign each other out. For the same reason the access token is kept beside it: if every load had to renew
 * it, a reload in the midst of that would lose the new refresh token and come back with the old one. It opens nothing that
 * the refresh token would not, and for a shorter time.
 */
export function createTokenStore(
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
): TokenStore & { clear(): string | undefined } {
  let tokens: Tokens | undefined;
  return {
    read() {
      tokens ??= parseTokens(storage.getItem(key));
      return tokens;
    },
    write(next) {
      tokens = next;
      storage.setItem(key, JSON.stringify(next));
    },
    clear() {
      const refreshToken = (tokens ?? parseTokens(storage.getItem(key)))?.refreshToken;
      tokens = undefined;
      storage.removeItem(key);
      return refreshToken;
    },
  };
}

/** What cannot be read is no sign-in. */
function parseTokens(text: string | null): Tokens | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isTokens(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTokens(value: unknown): value is Tokens {
  if (typeof value !== "object" || value === null) return false;
  if (!("accessToken" in value && "expiresAt" in value && "scopes" in value)) return false;
  return (
    typeof value.accessToken === "string" &&
    typeof value.expiresAt === "number" &&
    Array.isArray(value.scopes) &&
    (!("refreshToken" in value) || typeof value.refreshToken === "string")
  );
}
