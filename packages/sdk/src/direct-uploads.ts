import type { Client } from "./client.ts";
import { type FlixError, isFlixError } from "./errors.ts";
import { confirmUploadedParts, grantPackageUploads } from "./generated/operations.ts";
import { putGranted, type UploadGrant } from "./put-granted.ts";
import { digestPart, type PackageSource, type Part, preparePut, sizeOf } from "./upload-part.ts";

/**
 * Parts straight to the platform's store, where it lets us: asked for in batches, and confirmed in the same ones. A store that cannot be
 * reached from here (its name, a firewall, CORS in a browser), or does not take what was granted, is given up once and for all
 * parts: the rest goes through the platform.
 */
export interface DirectUploads {
  client: Client;
  packageId: string;
  source: PackageSource;
  /** Whether the platform grants parts; undefined before it was asked. */
  offered?: boolean | undefined;
  /** Whether the store has taken a part. */
  reached: boolean;
  /** Why parts that could be granted go through the platform all the same. */
  fault?: FlixError;
}

/** A part on its way; one without a grant goes through the platform. */
export interface PlannedPart {
  part: Part;
  granted?: { grant: UploadGrant; digest: string; batch: Batch };
}

/** Parts that were granted together: how many are still to be sent, and what the store has taken of them. */
interface Batch {
  left: number;
  kept: { part: Part; digest: string }[];
}

/** The parts in their order, each with its grant where there is one. */
export async function* planParts(
  direct: DirectUploads,
  parts: readonly Part[],
  signal: AbortSignal,
): AsyncGenerator<PlannedPart> {
  direct.offered ??= await isOffered(direct, parts, signal);
  const batches = inBatches(parts);
  const grant = (at: number) => {
    const batch = batches[at];
    if (!batch || !direct.offered || direct.fault) return undefined;
    const granted = grantBatch(direct, batch, signal);
    // It is thrown when its turn comes.
    granted.catch(() => {});
    return granted;
  };
  let next = grant(0);
  for (const [at, batch] of batches.entries()) {
    const granted = await next;
    // Read and asked for while those before are sent.
    next = grant(at + 1);
    if (granted) yield* granted;
    else for (const part of batch) yield { part };
  }
}

/** Sends the part if it was granted. False: it has to go through the platform. */
export async function sendDirectly(
  direct: DirectUploads,
  { part, granted }: PlannedPart,
  signal: AbortSignal,
): Promise<boolean> {
  if (!granted || direct.fault) return false;
  const send = await preparePut(direct.source, part);
  const { clock } = direct.client;
  const put = (grant: UploadGrant) => putGranted(grant, send, { clock, signal, reached: direct.reached });
  const renew = async () => (await askFor(direct, [{ part, digest: granted.digest }], signal))[0];
  const isOver = clock.now() >= Date.parse(granted.grant.expires_at);
  const grant = isOver ? await renew() : granted.grant;
  // The file is stored already, by somebody else.
  if (!grant) return false;
  let outcome = await put(grant);
  if (outcome !== "kept" && outcome.stale) {
    const renewed = await renew();
    if (!renewed) return false;
    outcome = await put(renewed);
  }
  if (outcome !== "kept") {
    direct.fault ??= outcome.reason;
    return false;
  }
  direct.reached = true;
  granted.batch.kept.push({ part, digest: granted.digest });
  return true;
}

/** To be called once a part is sent, either way: the last of a batch confirms it. Answers the parts that did not arrive. */
export async function confirmSent(
  { client, packageId }: DirectUploads,
  { granted }: PlannedPart,
  signal: AbortSignal,
): Promise<Part[]> {
  if (!granted) return [];
  const { batch } = granted;
  batch.left -= 1;
  if (batch.left > 0 || batch.kept.length === 0) return [];
  const body = { parts: batch.kept.map(nameOf) };
  const call = { signal, ...confirmLimits };
  const { missing } = await confirmUploadedParts(client, { package_id: packageId, body }, call);
  const names = new Set(missing.map(({ upload_id, part_number }) => `${upload_id}#${part_number}`));
  return batch.kept
    .map(({ part }) => part)
    .filter(({ upload, number }) => names.has(`${upload.id}#${number}`));
}

/** As for a part through the platform: with the last part of a large file, all of it is read there. */
const confirmLimits = { timeoutMs: 300_000, maxRetries: 6 };

/**
 * What is sent and not confirmed is sent again after a crash. Not less, since what two calls leave to the garbage collector is 0.5 MB, and
 * that is what a process holds at the end of a large file; a grant that is over by then is asked for again.
 */
const batchParts = 100;
const batchBytes = 256 * 1024 * 1024;

/** By one part, whose digest is known if there is such a one: those of large files have to be read for it. */
async function isOffered(
  direct: DirectUploads,
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const part = parts.find(({ upload }) => upload.part_count === 1) ?? parts[0];
  if (part === undefined) return undefined;
  const grants = await askFor(direct, [{ part, digest: await digestPart(direct.source, part) }], signal);
  return grants.length > 0;
}

function inBatches(parts: readonly Part[]): Part[][] {
  const batches: Part[][] = [];
  let bytes = 0;
  for (const part of parts) {
    bytes += sizeOf(part);
    const last = batches.at(-1);
    if (last && last.length < batchParts && bytes <= batchBytes) {
      last.push(part);
    } else {
      batches.push([part]);
      bytes = sizeOf(part);
    }
  }
  return batches;
}

async function grantBatch(
  direct: DirectUploads,
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<PlannedPart[]> {
  const named: { part: Part; digest: string }[] = [];
  for (const part of parts) named.push({ part, digest: await digestPart(direct.source, part) });
  const grants = await askFor(direct, named, signal);
  const byName = new Map(grants.map((grant) => [`${grant.upload_id}#${grant.part_number}`, grant]));
  const batch: Batch = { left: 0, kept: [] };
  return named.map(({ part, digest }) => {
    const grant = byName.get(`${part.upload.id}#${part.number}`);
    if (grant) batch.left += 1;
    return grant ? { part, granted: { grant, digest, batch } } : { part };
  });
}

async function askFor(
  { client, packageId }: DirectUploads,
  parts: readonly { part: Part; digest: string }[],
  signal: AbortSignal,
): Promise<UploadGrant[]> {
  try {
    const input = { package_id: packageId, body: { parts: parts.map(nameOf) } };
    return (await grantPackageUploads(client, input, { signal })).grants;
  } catch (error) {
    // A platform that is older than this client.
    if (isFlixError(error) && error.status === 404) return [];
    throw error;
  }
}

function nameOf({ part, digest }: { part: Part; digest: string }) {
  return { upload_id: part.upload.id, part_number: part.number, sha256: digest };
}
