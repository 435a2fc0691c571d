import { finishSignIn, startSignIn, FlixError, type Tokens } from "@flix/sdk";

const clientId = "flix-player";
const scopes = ["account", "playback", "catalog:read"];
const pendingKey = "flix.pending-sign-in";
const redirectUri = () => `${location.origin}/callback`;

interface PendingSignIn {
  state: string;
  verifier: string;
  returnTo: string;
}

/** Leaves for the platform's sign-in page, and comes back to `returnTo`. */
export async function beginSignIn({ returnTo, email }: { returnTo: string; email?: string }): Promise<void> {
  if (!isSecureContext) {
    throw new FlixError("insecure_page", "This page is not secure", {
      detail: "Browsers sign in only over https, or on localhost",
    });
  }
  const options = { server: location.origin, clientId, redirectUri: redirectUri(), scopes };
  const { url, state, verifier } = await startSignIn(options);
  const pending: PendingSignIn = { state, verifier, returnTo };
  sessionStorage.setItem(pendingKey, JSON.stringify(pending));
  const target = new URL(url);
  if (email !== undefined) target.searchParams.set("login_hint", email);
  location.assign(target);
}

let finishing: { url: string; result: Promise<FinishedSignIn> } | undefined;

export interface FinishedSignIn {
  tokens: Tokens;
  returnTo: string;
}

/** Trades the code in the address for tokens. A code works once, so the same address is never traded twice. */
export function completeSignIn(callbackUrl: string): Promise<FinishedSignIn> {
  if (finishing?.url !== callbackUrl) finishing = { url: callbackUrl, result: trade(callbackUrl) };
  return finishing.result;
}

async function trade(callbackUrl: string): Promise<FinishedSignIn> {
  const pending = takePending();
  const { state, verifier } = pending;
  const options = { server: location.origin, clientId, redirectUri: redirectUri(), state, verifier };
  const tokens = await finishSignIn({ ...options, callbackUrl });
  return { tokens, returnTo: pending.returnTo };
}

function takePending(): PendingSignIn {
  const stored = sessionStorage.getItem(pendingKey);
  sessionStorage.removeItem(pendingKey);
  const pending: unknown = stored === null ? undefined : JSON.parse(stored);
  if (!isPending(pending)) {
    throw new FlixError("state_mismatch", "The sign-in cannot be finished", {
      detail: "It was begun in another tab, or finished already",
    });
  }
  return pending;
}

function isPending(value: unknown): value is PendingSignIn {
  return typeof value === "object" && value !== null && "state" in value && "verifier" in value;
}

export { clientId };
