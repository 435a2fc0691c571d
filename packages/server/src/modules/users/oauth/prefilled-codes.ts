import type { IncomingMessage } from "node:http";

const codes = new WeakMap<IncomingMessage, string>();

/**
 * Takes `user_code` of `verification_uri_complete` out of a request's URL. The provider would answer it with a form
 * that sends itself by script; without it, it shows the page to enter a code, which is then filled in.
 */
export function takePrefilledCode(request: IncomingMessage, url: string): string {
  const [path = "", query = ""] = url.split("?", 2);
  const code = new URLSearchParams(query).get("user_code");
  if (code !== null) codes.set(request, code.slice(0, 16));
  return path;
}

export function prefilledCode(request: IncomingMessage): string | undefined {
  return codes.get(request);
}
