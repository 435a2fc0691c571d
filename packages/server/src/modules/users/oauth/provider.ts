import { Provider } from "oidc-provider";
import { createSeal } from "../../../kernel/sealing.ts";
import { isClientSecret } from "../client-secrets.ts";
import { loadSigningKey, type SigningKey } from "../signing-key.ts";
import { createConfiguration, type OauthOptions } from "./configuration.ts";

export interface Oauth {
  issuer: string;
  provider(): Promise<Provider>;
  signingKey(): Promise<SigningKey>;
}

/** The provider, made when it is first needed: its key is in the database. */
export function createOauth(options: OauthOptions): Oauth {
  const { kernel, context, seal } = options;
  const issuer = `${kernel.publicUrl}/oauth`;
  const signingKey = onceDone(() => {
    const { previousSecret } = kernel;
    const previous = previousSecret && createSeal(previousSecret, "oauth records");
    return loadSigningKey(kernel.units, context, seal, previous);
  });
  const provider = onceDone(async () => {
    const made = new Provider(issuer, createConfiguration(options, await signingKey()));
    // We tell it the address and the protocol ourselves, see `mountOauth`.
    made.proxy = true;
    made.Client.prototype.compareClientSecret = function (actual: string) {
      return isClientSecret(actual, Buffer.from(this.clientSecret ?? "", "hex"));
    };
    made.on("server_error", (_ctx, error) => kernel.log.error({ err: error }, "an OAuth request failed"));
    endSessionWithItsTokens(made);
    letNoOtherOriginRead(made);
    return made;
  });
  return { issuer, provider, signingKey };
}

/** Revoking the player's refresh token is its sign-out: the browser's session must not sign it in again by itself. */
function endSessionWithItsTokens(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    const { RefreshToken } = ctx.oidc?.entities ?? {};
    if (ctx.oidc?.route !== "revocation" || RefreshToken?.expiresWithSession !== true) return;
    const { sessionUid } = RefreshToken;
    const session = sessionUid === undefined ? undefined : await provider.Session.findByUid(sessionUid);
    await session?.destroy();
  });
}

/** The library lets every origin read what names no client, such as errors; ours is one origin, which needs no leave. */
function letNoOtherOriginRead(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    for (const name of Object.keys(ctx.response.headers)) {
      if (name.startsWith("access-control-")) ctx.remove(name);
    }
  });
}

/** Remembers a success; a failure is tried again by the next caller. */
function onceDone<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let done: Promise<Result> | undefined;
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
