import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type ListPartsCommandInput,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { FlixError } from "../../../kernel/errors.ts";
import type { Multiparts, ObjectFacts, OpenObject, PartFacts } from "../objects.ts";
import { askOnce } from "./ask-once.ts";
import { addressOf, type Bucket } from "./bucket.ts";
import { faultOf, statusOf } from "./faults.ts";
import { signPart, takesOnly } from "./grant.ts";
import { mostParts } from "./multipart.ts";

/** Parts are signed for the endpoint `outside`, and looked at from here. */
export function createMultiparts(bucket: Bucket, outside: Bucket): Multiparts {
  const isTrue = askOnce(() => holdsToPartGrants(bucket));
  return {
    async begin(key, { contentType, partCount }) {
      if (partCount > mostParts || !(await isTrue())) return undefined;
      return begin(bucket, key, contentType);
    },
    grant: (object, part, seconds) => signPart(outside, object, part, seconds),
    async put(object, PartNumber, Body) {
      const part = { ...nameOf(bucket, object), PartNumber, Body, ChecksumAlgorithm: "SHA256" } as const;
      return (await unlessGone(bucket.client.send(new UploadPartCommand(part)))) !== undefined;
    },
    list: (object, range) => listParts(bucket, object, range),
    make: (object, parts) => make(bucket, object, parts),
    giveUp: (object) => giveUp(bucket, object),
  };
}

interface KeptPart extends ObjectFacts {
  etag: string | undefined;
}

async function begin(bucket: Bucket, key: string, ContentType: string): Promise<string | undefined> {
  const object = { ...addressOf(bucket, key), ContentType, ChecksumAlgorithm: "SHA256" } as const;
  return (await bucket.client.send(new CreateMultipartUploadCommand(object))).UploadId;
}

/** Like `holdsToGrants`; the store must also tell what it has checked. */
async function holdsToPartGrants(bucket: Bucket): Promise<boolean> {
  const key = `trial/${randomUUID()}`;
  const bytes = randomBytes(16);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const part = { number: 1, sizeBytes: bytes.length, sha256 };
  let id: string | undefined;
  try {
    id = await begin(bucket, key, "application/octet-stream");
    if (id === undefined) return false;
    if (!(await takesOnly(await signPart(bucket, { key, id }, part, 60), bytes))) return false;
    const kept = await listParts(bucket, { key, id }, { from: 1, to: 1 });
    return isSame(kept?.get(1), part);
  } catch (error) {
    // Not what every store can do, or lets these keys do.
    const cause = error instanceof FlixError ? error.cause : error;
    if (faultOf(cause) === "access denied" || [405, 501].includes(statusOf(cause) ?? 0)) return false;
    throw error;
  } finally {
    if (id !== undefined) await giveUp(bucket, { key, id });
  }
}

async function listParts(
  bucket: Bucket,
  object: OpenObject,
  { from, to }: { from: number; to: number },
): Promise<Map<number, KeptPart> | undefined> {
  const found = new Map<number, KeptPart>();
  const request: ListPartsCommandInput = { ...nameOf(bucket, object), PartNumberMarker: String(from - 1) };
  for (let at = from - 1; at < to;) {
    request.MaxParts = Math.min(to - at, 1000);
    const page = await unlessGone(bucket.client.send(new ListPartsCommand(request)));
    if (page === undefined) return undefined;
    for (const { PartNumber = 0, Size = 0, ChecksumSHA256 = "", ETag } of page.Parts ?? []) {
      const sha256 = Buffer.from(ChecksumSHA256, "base64").toString("hex");
      if (PartNumber <= to) found.set(PartNumber, { sizeBytes: Size, sha256, etag: ETag });
    }
    if (page.IsTruncated !== true) break;
    at = Number(page.NextPartNumberMarker ?? to);
    request.PartNumberMarker = String(at);
  }
  return found;
}

async function make(
  bucket: Bucket,
  object: OpenObject,
  parts: readonly PartFacts[],
): ReturnType<Multiparts["make"]> {
  const kept = await listParts(bucket, object, { from: 1, to: mostParts });
  if (kept === undefined) return "gone";
  const lost = parts.filter((part) => !isSame(kept.get(part.number), part));
  if (lost.length > 0) return { lost: lost.map(({ number }) => number) };
  // By their digests: one that another takes the place of now is refused.
  const Parts = parts.map(({ number, sha256 }) => ({
    PartNumber: number,
    ETag: kept.get(number)?.etag,
    ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
  }));
  const command = new CompleteMultipartUploadCommand({
    ...nameOf(bucket, object),
    MultipartUpload: { Parts },
  });
  return (await unlessGone(bucket.client.send(command))) === undefined ? "gone" : "made";
}

async function giveUp(bucket: Bucket, object: OpenObject): Promise<void> {
  await unlessGone(bucket.client.send(new AbortMultipartUploadCommand(nameOf(bucket, object))));
}

function isSame(kept: ObjectFacts | undefined, { sizeBytes, sha256 }: ObjectFacts): boolean {
  return kept?.sizeBytes === sizeBytes && kept.sha256 === sha256;
}

function nameOf(bucket: Bucket, { key, id }: OpenObject) {
  return { ...addressOf(bucket, key), UploadId: id };
}

/** NoSuchUpload is 404. */
async function unlessGone<Answer>(request: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
