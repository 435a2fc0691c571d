import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import {
  answerJson,
  answerProblem,
  startHttpServer,
  type ReceivedRequest,
  type TestServer,
} from "./http-server.ts";

export interface OauthServer extends TestServer {
  /** Refreshed and issued so far. */
  issued: number;
  /** The forms that the token endpoint got. */
  forms: URLSearchParams[];
  /** Access tokens that the API refuses. */
  refused: Set<string>;
  /** What the token endpoint answers instead, one at a time. */
  failures: ((response: ServerResponse) => void)[];
  revoked: boolean;
}

/**
 * Signs in like the platform does: refresh tokens rotate, and one that was used before revokes its family (RFC 9700, section 4.14.2);
 * every other path is the API, which wants the newest access token.
 */
export async function startOauthServer(lifetimeSeconds = 600): Promise<OauthServer> {
  const state = { issued: 0, forms: [], refused: new Set<string>(), failures: [], revoked: false };
  const server: OauthServer = Object.assign(
    await startHttpServer((request, response) => {
      if (request.path === "/oauth/token") return answerToken(server, request, response, lifetimeSeconds);
      if (request.path.startsWith("/oauth/")) return answerEndpoint(server, request, response);
      const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
      const isGood = token === `access-${server.issued}` && !server.refused.has(token);
      return isGood ? answerJson(response, 200, { data: [] }) : answerProblem(response, 401, "invalid_token");
    }),
    state,
  );
  return server;
}

function answerToken(
  server: OauthServer,
  { body }: ReceivedRequest,
  response: ServerResponse,
  lifetimeSeconds: number,
): void {
  const form = new URLSearchParams(body.toString());
  server.forms.push(form);
  const failure = server.failures.shift();
  if (failure) return failure(response);
  const used = form.get("refresh_token");
  if (used && used !== `refresh-${server.issued}`) server.revoked = true;
  const challenge = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  const isWrong = form.has("code_verifier") && form.get("code") !== challenge;
  if (server.revoked || isWrong) return answerOauthError(response, "invalid_grant");
  server.issued += 1;
  return answerJson(response, 200, {
    access_token: `access-${server.issued}`,
    refresh_token: `refresh-${server.issued}`,
    expires_in: lifetimeSeconds,
    scope: "catalog:read playback",
    token_type: "Bearer",
  });
}

function answerEndpoint(server: OauthServer, { path }: ReceivedRequest, response: ServerResponse): void {
  if (path === "/oauth/.well-known/openid-configuration") {
    return answerJson(response, 200, { revocation_endpoint: `${server.url}/oauth/token/revocation` });
  }
  if (path === "/oauth/device/auth") {
    return answerJson(response, 200, {
      device_code: "device-1",
      user_code: "BCDF-GHJK",
      verification_uri: `${server.url}/oauth/device`,
      verification_uri_complete: `${server.url}/oauth/device?user_code=BCDF-GHJK`,
      expires_in: 60,
      interval: 5,
    });
  }
  response.writeHead(200).end();
}

export function answerOauthError(response: ServerResponse, error: string): void {
  answerJson(response, 400, { error, error_description: `Description of ${error}` });
}
