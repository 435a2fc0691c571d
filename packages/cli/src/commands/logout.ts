import { defineCommand } from "../command.ts";
import type { SavedCredentials } from "../config.ts";
import { notSignedIn } from "../errors.ts";

export const logout = defineCommand({
  details: "The sign-in is revoked on the platform and forgotten here; the context stays.",
  examples: [
    { command: "flix logout", does: "Sign out of the current platform" },
    { command: "flix logout --context production", does: "Sign out of another" },
  ],
  async run(_, { config, output, signal, target }) {
    const { server, context } = await target();
    const name = context ?? "";
    const credentials = (await config.read()).contexts[name]?.credentials;
    if (!credentials)
      throw notSignedIn(`Nobody is signed in to ${server}`, "There is nothing to sign out of.");
    const revoked = await revoke(server, credentials, signal);
    await config.change((saved) => ({ ...saved, contexts: { ...saved.contexts, [name]: { server } } }));
    if (!revoked) output.note("The platform could not be reached: the sign-in there ends by itself.");
    output.data({ context: name, server, revoked }, `Signed out of ${server}.`);
  },
});

/** What cannot be revoked is forgotten all the same. */
async function revoke(server: string, credentials: SavedCredentials, signal: AbortSignal): Promise<boolean> {
  const { tokens, clientId } = credentials;
  if (credentials.kind !== "person" || !tokens?.refreshToken) return true;
  const { signOut } = await import("@flix/sdk");
  return signOut({ server, clientId, refreshToken: tokens.refreshToken, signal }).then(
    () => true,
    () => false,
  );
}
