import { FlixError, isFlixError, unexpectedResponse } from "./errors.ts";
import { apiOf, oauthUrl, postForm, requestTokens, transportOf } from "./oauth.ts";
import type { OauthOptions, Tokens } from "./oauth.ts";
import { abortedBy } from "./transport.ts";

/** Begins a sign-in without a browser of its own (RFC 8628): show the person `verificationUri` and `userCode`. */
export async function startDeviceSignIn(options: DeviceSignInOptions): Promise<StartedDeviceSignIn> {
  const url = new URL(oauthUrl(options.server, "device/auth"));
  const form = { scope: options.scopes?.join(" "), resource: apiOf(options.server) };
  const body = await postForm(url, options, form, 3);
  if (!isDeviceBody(body)) throw unexpectedResponse("no device code", { body });
  return {
    deviceCode: body.device_code,
    userCode: body.user_code,
    verificationUri: body.verification_uri,
    ...(body.verification_uri_complete && { verificationUriComplete: body.verification_uri_complete }),
    expiresAt: transportOf(options).clock.now() + body.expires_in * 1000,
    intervalSeconds: body.interval ?? 5,
  };
}

/**
 * Waits until the person has agreed. Asks every `intervalSeconds`, five seconds more for each `slow_down`, and twice as long after a
 * lost answer (RFC 8628, section 3.5). Throws `access_denied`, `expired_token` or `aborted`.
 */
export async function finishDeviceSignIn(options: FinishDeviceSignInOptions): Promise<Tokens> {
  const { started, signal } = options;
  const { clock } = transportOf(options);
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: started.deviceCode,
  };
  let { intervalSeconds } = started;
  while (clock.now() + intervalSeconds * 1000 <= started.expiresAt) {
    await clock.sleep(intervalSeconds * 1000, signal).catch((error: unknown) => {
      throw signal?.aborted ? abortedBy(signal) : error;
    });
    try {
      return await requestTokens(options, form, { maxRetries: 0 });
    } catch (error) {
      intervalSeconds = nextInterval(error, intervalSeconds);
    }
  }
  throw new FlixError("expired_token", "The code has expired", { detail: "Begin the sign-in again" });
}

export interface DeviceSignInOptions extends OauthOptions {
  /** All that the application may ask for, when left out. */
  scopes?: string[];
}

export interface FinishDeviceSignInOptions extends OauthOptions {
  started: StartedDeviceSignIn;
}

export interface StartedDeviceSignIn {
  deviceCode: string;
  userCode: string;
  verificationUri: string;
  /** With the code in it already, for a QR code. */
  verificationUriComplete?: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  intervalSeconds: number;
}

function nextInterval(error: unknown, seconds: number): number {
  const code = isFlixError(error) ? error.code : undefined;
  if (code === "authorization_pending") return seconds;
  if (code === "slow_down") return seconds + 5;
  if (code === "network_error" || code === "timeout") return seconds * 2;
  throw error;
}

interface DeviceBody {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete?: string;
  expires_in: number;
  interval?: number;
}

function isDeviceBody(body: unknown): body is DeviceBody {
  return typeof body === "object" && body !== null && "device_code" in body && "expires_in" in body;
}
