import { problems } from "../../../openapi/generated/problems.ts";
import type { PlatformError } from "./platform-error.ts";

/** What an operator does next about an error of the platform: in the CLI's own terms, else in the contract's. */
export function nextStep({ code, status, retryAfterSeconds }: PlatformError): string {
  const step = steps[code] ?? fixes[code]?.fix;
  if (step !== undefined) return step;
  if (status === 401) return "Sign in with `flix login`.";
  if (retryAfterSeconds !== undefined) return `Try again in ${Math.ceil(retryAfterSeconds)} s.`;
  return status === undefined || status >= 500
    ? "Try again; `flix doctor` checks what the platform needs."
    : "";
}

/** A newer platform may answer codes that this version does not know. */
const fixes: Readonly<Record<string, { fix: string }>> = problems;

/** Where the contract speaks to a programmer, or the code is not of the contract. */
const steps: Readonly<Record<string, string>> = {
  network_error: "Start a platform with `flix up`, or check --server; `flix doctor` looks closer.",
  timeout: "Try again; `flix health` shows which part is slow.",
  unexpected_response: "Check --server: something else answers there.",
  signed_out: "Sign in with `flix login`.",
  invalid_token: "Sign in with `flix login`, or set FLIX_TOKEN to a token that has not expired.",
  invalid_grant: "The sign-in has ended: sign in again with `flix login`.",
  invalid_client: "Check FLIX_CLIENT_ID and FLIX_CLIENT_SECRET, or sign in with `flix login`.",
  access_denied: "Run `flix login` again and agree in the browser.",
  expired_token: "Run `flix login` again and enter the code in time.",
  insufficient_scope: "Sign in as someone with a larger role; `flix whoami` shows what you may do.",
  invalid_request: "Correct what is named; `--help` shows what the command takes.",
  etag_stale: "Somebody changed it at the same moment: run the command again.",
};
