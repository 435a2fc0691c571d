import type { Clock } from "./clock.ts";
import { FlixError } from "./errors.ts";
import type { Output } from "./operation.ts";
import { backoffMs } from "./retry.ts";
import { abortedBy } from "./transport.ts";

export type UploadGrant = Output<"grantPackageUploads">["grants"][number];

/**
 * Sends a part straight to the store, with nothing but what was granted: no token, no cookie. "stale": the grant is over, another one
 * may do. Throws a `FlixError` without the address, which is a secret, when the store cannot be reached or does not take the part.
 */
export async function putGranted(
  grant: UploadGrant,
  body: Uint8Array<ArrayBuffer>,
  { clock, signal, maxRetries }: { clock: Clock; signal: AbortSignal; maxRetries: number },
): Promise<"kept" | "stale"> {
  for (let retry = 0; ; retry += 1) {
    const answer = await tryPut(grant, body, signal);
    if (answer === "kept") return "kept";
    if (signal.aborted) throw abortedBy(signal);
    // Some stores hang up on a large body that comes too late, before they have said so.
    if (answer.status === 403 || clock.now() >= Date.parse(grant.expires_at)) return "stale";
    if (retry >= (mostRetries(answer.status) ?? maxRetries)) throw answer;
    await clock.sleep(backoffMs(retry + 1, clock), signal).catch(() => {});
  }
}

/** As for a part through the platform. */
const timeoutMs = 300_000;

async function tryPut(
  { url, headers }: UploadGrant,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<"kept" | FlixError> {
  const { host } = new URL(url);
  try {
    const answer = await fetch(url, {
      method: "PUT",
      headers,
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    const text = await answer.text();
    // It is there: a try before this one came through, and its answer did not.
    if (answer.ok || answer.status === 412) return "kept";
    const [, code = ""] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
    const detail = `${host} answered ${answer.status} ${code}`.trim();
    return new FlixError("unexpected_response", "The store did not take a part", {
      status: answer.status,
      detail,
    });
  } catch (cause) {
    return new FlixError("network_error", "The store cannot be reached", { detail: host, cause });
  }
}

/** Undefined: as many as anything that may pass, such as a broken connection. */
function mostRetries(status: number | undefined): number | undefined {
  if (status === undefined || [408, 409, 429, 500, 502, 503, 504].includes(status)) return undefined;
  // The bytes differ from their digest: damaged on the way, so once more is worth it.
  return status === 400 ? 1 : 0;
}
