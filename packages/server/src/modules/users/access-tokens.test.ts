import { createServer } from "node:http";
import { once } from "node:events";
import {
  decodeJwt,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  SignJWT,
  type JWTHeaderParameters,
  type JWTPayload,
} from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContext } from "./context.ts";
import { createSeal } from "../../kernel/sealing.ts";
import { loadSigningKey, type SigningKey } from "./signing-key.ts";
import { signInPlayer } from "./testing/browser.ts";
import { startOauthPlatform, type OauthPlatform } from "./testing/oauth.ts";

let platform: OauthPlatform;
let key: SigningKey;
let claims: JWTPayload;
let goodToken: string;
let canaryUrl: string;
let canaryRequests = 0;
const canary = createServer((_request, response) => {
  canaryRequests += 1;
  response.end("{}");
});

beforeAll(async () => {
  platform = await startOauthPlatform();
  const { kernel } = platform;
  key = await loadSigningKey(
    kernel.units,
    createContext(kernel, "open"),
    createSeal(kernel.secret, "oauth records"),
  );
  const { email } = await platform.addViewer();
  goodToken = (await signInPlayer(platform, email)).access_token;
  claims = decodeJwt(goodToken);
  canary.listen(0, "127.0.0.1");
  await once(canary, "listening");
  const address = canary.address();
  canaryUrl = typeof address === "object" && address ? `http://127.0.0.1:${address.port}/jwks` : "";
});
afterAll(async () => {
  canary.close();
  await platform.close();
});

/** Signed with the platform's own key, so that only what is changed can be what is refused. */
async function sign(header: Partial<JWTHeaderParameters>, changes: JWTPayload = {}): Promise<string> {
  const privateKey = await importJWK(key.privateJwk, "ES256");
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key.kid, ...header })
    .sign(privateKey);
}

async function refused(token: string): Promise<void> {
  const answer = await platform.api(token, "/v1/whoami");
  expect(answer.json()).toMatchObject({ status: 401, code: "invalid_token" });
  expect(answer.headers["www-authenticate"]).toContain('error="invalid_token"');
  expect(canaryRequests).toBe(0);
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

describe("an access token (RFC 8725)", () => {
  it("signed as it should be is taken", async () => {
    expect((await platform.api(await sign({}), "/v1/whoami")).statusCode).toBe(200);
  });

  it("without a signature is refused", async () => {
    for (const alg of ["none", "None", "nOnE"]) {
      await refused(`${encode({ alg, typ: "at+jwt" })}.${encode(claims)}.`);
    }
    const [header = "", payload = ""] = goodToken.split(".");
    await refused(`${header}.${payload}.${"A".repeat(86)}`);
  });

  it("signed by HS256 with the public key is refused", async () => {
    const publicKey = await importJWK(key.publicJwk, "ES256");
    if (publicKey instanceof Uint8Array) throw new Error("The public key is symmetric");
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(key.publicJwk)]) {
      await refused(
        await new SignJWT(claims)
          .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: key.kid })
          .sign(Buffer.from(secret)),
      );
    }
  });

  it.each(["unknown", "../../../../dev/null", "' or 1=1 --", ""])(
    "with the key id %j is refused",
    async (kid) => {
      await refused(await sign({ kid }));
    },
  );

  it("that brings or points to its own key is refused, and nothing is fetched", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    for (const pointer of [{ jku: canaryUrl }, { x5u: canaryUrl }, { jwk: await exportJWK(publicKey) }]) {
      await refused(
        await new SignJWT(claims)
          .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key.kid, ...pointer })
          .sign(privateKey),
      );
    }
  });

  it.each([
    ["another audience", { aud: "https://elsewhere.example" }],
    ["no audience", { aud: undefined }],
    ["another issuer", { iss: "https://elsewhere.example/oauth" }],
    ["no expiry", { exp: undefined }],
    ["no subject", { sub: undefined }],
    ["a subject that is nobody", { sub: "acc_00000000000000000000000000" }],
    ["a subject of no kind", { sub: "root\0" }],
    ["an ended grant", { grant_id: "gone" }],
    ["no grant", { grant_id: undefined }],
  ])("with %s is refused", async (_name, changes: JWTPayload) => {
    await refused(await sign({}, changes));
  });

  it.each(["JWT", "dpop+jwt", undefined])("of type %s is refused", async (typ) => {
    await refused(await sign({ typ }));
  });

  it("gives no more than its holder may do, whatever it says", async () => {
    const token = await sign({}, { scope: "account operators:write", role: "admin", kind: "operator" });
    const whoami = (await platform.api(token, "/v1/whoami")).json();
    expect(whoami).toMatchObject({ kind: "account", scopes: ["account"] });
    expect(whoami.role).toBeUndefined();
  });

  it("that has expired is refused", async () => {
    // Tokens are given by the system's clock, which has gone on since.
    platform.clock.advance(900_000);
    await refused(goodToken);
    platform.clock.set(new Date());
  });
});
