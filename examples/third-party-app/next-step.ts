import type { FlixError, FlixErrorCode } from "@flix/sdk";

/** What to do after a failure. */
export function nextStepAfter({ code, requestId, retryAfterSeconds }: FlixError): string {
  if (retryAfterSeconds !== undefined) return `Run it again in ${retryAfterSeconds} s.`;
  const report = requestId ? `; if it stays, tell the platform's operator: request ${requestId}` : "";
  return nextSteps[code] ?? `Run it again${report}.`;
}

/** Codes are stable, so a program may decide by them; it must bear codes that it does not know. */
const nextSteps: Partial<Record<FlixErrorCode, string>> = {
  aborted: "Run it again; the feed is as it was.",
  invalid_client: "Check FLIX_CLIENT_ID and FLIX_CLIENT_SECRET.",
  invalid_scope: "Give the client the scope catalog:read.",
  network_error: "Check FLIX_SERVER, then run it again.",
};
