import { createHash, randomBytes } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { alone, startTestPlatform, type TestPlatform } from "../../../../testing/index.ts";
import { createUsers, type Users, type UsersOptions } from "../index.ts";

export const password = "correct horse battery staple";

export interface OauthPlatform extends TestPlatform {
  users: Users;
  /** Signs up a viewer; the email is a new one when left out. */
  addViewer(email?: string): Promise<{ id: string; email: string; profileId: string }>;
  addOperator(
    role: "support" | "publisher" | "admin",
    email?: string,
  ): Promise<{ id: string; email: string }>;
  api(token: string, url: string, request?: ApiRequest): Promise<LightMyRequestResponse>;
}
interface ApiRequest {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  body?: object;
  headers?: Record<string, string>;
}

/** The users module alone, with its real verifier and a clock that stands at the present: the provider has its own. */
export async function startOauthPlatform(
  options: UsersOptions & { publicUrl?: string } = {},
): Promise<OauthPlatform> {
  let made: Users | undefined;
  const users = () => {
    if (!made) throw new Error("The platform has not started");
    return made;
  };
  const platform = await startTestPlatform({
    compose: (kernel) => {
      made = createUsers(kernel, options);
      return [made.module];
    },
    environment: {
      ...alone,
      FLIX_MODULES: "users",
      ...(options.publicUrl === undefined ? {} : { FLIX_PUBLIC_URL: options.publicUrl }),
    },
    verifyAccessToken: (token) => users().verifyAccessToken(token),
  });
  platform.clock.set(new Date());
  const { units } = platform.kernel;
  return {
    ...platform,
    users: users(),
    async addViewer(email = newEmail()) {
      const viewer = { email, password, name: "Ada Lovelace", country: "GB" };
      return { email, ...(await units.write((unit) => users().createAccount(unit, viewer))) };
    },
    async addOperator(role, email = newEmail()) {
      const operator = { email, password, name: "Grace Hopper", role };
      return { email, ...(await units.write((unit) => users().createOperator(unit, operator))) };
    },
    api: (token, url, { method = "GET", body, headers = {} } = {}) =>
      platform.app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body === undefined ? {} : { payload: body }),
      }),
  };
}

export function newEmail(): string {
  return `${randomBytes(6).toString("hex")}@example.org`;
}

export interface Pkce {
  verifier: string;
  challenge: string;
}

export function newPkce(): Pkce {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}
