import type { Clock } from "./clock.ts";
import { FlixError, isFlixError } from "./errors.ts";
import type { Output } from "./operation.ts";
import { backoffMs } from "./retry.ts";
import { abortedBy } from "./transport.ts";
import type { PutAnswer, PutRequest } from "./upload-part.ts";

export type UploadGrant = Output<"grantPackageUploads">["grants"][number];

/** "kept", or why not; another grant may do where this one is stale. Reasons do not hold the address, which is a secret. */
export type PutOutcome = "kept" | { reason: FlixError; stale: boolean };

interface PutOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Whether the store has taken a part before. One that has not may be one that cannot be reached from here at all. */
  reached: boolean;
}

/** Sends a part straight to the store, with nothing but what was granted: no token, no cookie. Throws when it is aborted. */
export async function putGranted(
  grant: UploadGrant,
  put: (request: PutRequest) => Promise<PutAnswer>,
  { clock, signal, reached }: PutOptions,
): Promise<PutOutcome> {
  for (let retry = 0; ; retry += 1) {
    const reason = await tryPut(grant, put, signal);
    if (reason === undefined) return "kept";
    if (signal.aborted) throw abortedBy(signal);
    // Some stores hang up on a large body that comes too late, before they have said so.
    const stale = reason.status === 403 || clock.now() >= Date.parse(grant.expires_at);
    if (stale || retry >= mostRetries(reason, reached)) return { reason, stale };
    await clock.sleep(backoffMs(retry + 1, clock), signal).catch(() => {});
  }
}

/** As for a part through the platform. */
const timeoutMs = 300_000;

async function tryPut(
  { url, headers }: UploadGrant,
  put: (request: PutRequest) => Promise<PutAnswer>,
  aborted: AbortSignal,
): Promise<FlixError | undefined> {
  const { host } = new URL(url);
  // Not AbortSignal.timeout and any: they keep each request until its time would have been over.
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, timeoutMs);
  aborted.addEventListener("abort", abort);
  try {
    aborted.throwIfAborted();
    const { status, text } = await put({ url, headers, signal: stop.signal });
    // 412: it is there. A try before this one came through, and its answer did not.
    if ((status >= 200 && status < 300) || status === 412) return undefined;
    const [, code = ""] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
    const detail = `${host} answered ${status} ${code}`.trim();
    return new FlixError("unexpected_response", "The store did not take a part", { status, detail });
  } catch (cause) {
    if (isFlixError(cause)) throw cause;
    return new FlixError("network_error", "The store cannot be reached", { detail: host, cause });
  } finally {
    clearTimeout(timer);
    aborted.removeEventListener("abort", abort);
  }
}

function mostRetries({ status }: FlixError, reached: boolean): number {
  if (status === undefined) return reached ? 6 : 2;
  // The bytes differ from their digest: damaged on the way, so once more is worth it.
  if (status === 400) return 1;
  return [408, 409, 429, 500, 502, 503, 504].includes(status) ? 6 : 0;
}
