import type { webhooks } from "@flix/openapi";
import { systemClock, type Clock } from "./clock.ts";
import { webCrypto } from "./digest.ts";
import { FlixError } from "./errors.ts";

/** What the platform publishes; `type` tells which. */
export type FlixEvent = EventOf<webhooks[keyof webhooks]>;

/**
 * Checks a delivery (Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`) and answers its event. Give the body as it came:
 * parsed and written again it is another text. Deliveries repeat: drop those whose `id` is known.
 * Throws `webhook_signature_invalid` or `webhook_too_old`.
 */
export async function verifyWebhook(delivery: WebhookDelivery, options: WebhookOptions): Promise<FlixEvent> {
  const { toleranceSeconds = 300, clock = systemClock } = options;
  const id = headerOf(delivery, "webhook-id");
  const timestamp = headerOf(delivery, "webhook-timestamp");
  const ageSeconds = Math.abs(clock.now() / 1000 - Number(timestamp));
  // Also against a clock that is ahead, and against a timestamp that is not a number.
  if (!(ageSeconds <= toleranceSeconds)) {
    const detail = `More than ${toleranceSeconds} seconds off; check this machine's clock`;
    throw new FlixError("webhook_too_old", "The delivery is too old", { detail });
  }
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${delivery.body}`);
  const signatures = signaturesOf(headerOf(delivery, "webhook-signature"));
  for (const secret of [options.secret].flat()) {
    if (await isSigned(secret, signatures, signed)) return JSON.parse(delivery.body);
  }
  throw invalidSignature("No signature fits; check the endpoint's secret");
}

export interface WebhookDelivery {
  headers: Headers | Record<string, string | string[] | undefined>;
  body: string;
}

export interface WebhookOptions {
  /** `whsec_` and base64; several while a secret is being changed. */
  secret: string | string[];
  toleranceSeconds?: number;
  clock?: Clock;
}

type EventOf<W> = W extends { post: { requestBody: { content: { "application/json": infer E } } } }
  ? E
  : never;

function headerOf({ headers }: WebhookDelivery, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value === "string" && value !== "") return value;
  throw invalidSignature(`The header ${name} is missing`);
}

/** `v1,base64` each, separated by spaces; versions that are not known are passed over. */
function signaturesOf(header: string): Uint8Array<ArrayBuffer>[] {
  return header.split(" ").flatMap((part) => {
    const [version, signature] = part.split(",");
    return version === "v1" && signature ? [fromBase64(signature)] : [];
  });
}

/** `verify` of Web Crypto compares in constant time. */
async function isSigned(
  secret: string,
  signatures: Uint8Array<ArrayBuffer>[],
  signed: Uint8Array<ArrayBuffer>,
) {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const raw = fromBase64(secret.replace(/^whsec_/, ""));
  const key = await webCrypto().importKey("raw", raw, hmac, false, ["verify"]);
  for (const signature of signatures) {
    if (await webCrypto().verify("HMAC", key, signature, signed)) return true;
  }
  return false;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw invalidSignature("A signature or secret is not base64");
  }
}

function invalidSignature(detail: string): FlixError {
  return new FlixError("webhook_signature_invalid", "The delivery is not from the platform", { detail });
}
