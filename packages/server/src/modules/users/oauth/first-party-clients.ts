import type { ClientMetadata } from "oidc-provider";

export const playerClientId = "flix-player";
export const commandLineClientId = "flix-cli";

/** The applications that come with the platform: public clients, so what protects them is PKCE and their redirects. */
export function firstPartyClients(publicUrl: string): ClientMetadata[] {
  return [
    {
      client_id: playerClientId,
      client_name: "flix",
      application_type: "web",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: [`${publicUrl}/`, `${publicUrl}/callback`],
      post_logout_redirect_uris: [`${publicUrl}/`],
    },
    {
      client_id: commandLineClientId,
      client_name: "flix command line",
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
      response_types: ["code"],
      // The port may be any other (RFC 8252 section 7.3).
      redirect_uris: ["http://127.0.0.1/callback", "http://[::1]/callback"],
    },
  ];
}
