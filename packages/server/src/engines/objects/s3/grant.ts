import { DeleteObjectCommand, PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { FlixError } from "../../../kernel/errors.ts";
import type { Grant, GrantOptions, OpenObject, PartFacts } from "../objects.ts";
import { addressOf, type Bucket } from "./bucket.ts";
import { lookFirstBytes } from "./write-once.ts";

/**
 * A presigned PUT. The checksum has to stay a header: S3 looks for it there only, and takes any bytes where it stands in the
 * query, as it does unless it is kept from it (https://github.com/aws/aws-sdk-js-v3/issues/3906). What is granted under a name that
 * is taken can only be the same bytes; small ones are not even written again. A large one would not hear 412 but a
 * connection that breaks, as of a store that cannot be reached.
 */
export async function signPut(
  bucket: Bucket,
  key: string,
  { sizeBytes, sha256, contentType, seconds }: GrantOptions,
): Promise<Grant> {
  const checksum = Buffer.from(sha256, "hex").toString("base64");
  const once = sizeBytes <= lookFirstBytes;
  const headers = {
    "content-type": contentType,
    [checksumHeader]: checksum,
    ...(once ? { "if-none-match": "*" } : {}),
  };
  const command = new PutObjectCommand({
    ...addressOf(bucket, key),
    ContentLength: sizeBytes,
    ContentType: contentType,
    ChecksumSHA256: checksum,
    ...(once ? { IfNoneMatch: "*" } : {}),
  });
  const url = await getSignedUrl(bucket.client, command, {
    expiresIn: seconds,
    unhoistableHeaders: new Set([checksumHeader]),
    signableHeaders: new Set(["host", "content-length", ...Object.keys(headers)]),
  });
  return { url, headers };
}

/** The same for a part of an upload; its place and number stand in the query, which is signed. */
export async function signPart(
  bucket: Bucket,
  { key, id }: OpenObject,
  { number, sizeBytes, sha256 }: PartFacts,
  seconds: number,
): Promise<Grant> {
  const checksum = Buffer.from(sha256, "hex").toString("base64");
  const command = new UploadPartCommand({
    ...addressOf(bucket, key),
    UploadId: id,
    PartNumber: number,
    ContentLength: sizeBytes,
    ChecksumSHA256: checksum,
  });
  const url = await getSignedUrl(bucket.client, command, {
    expiresIn: seconds,
    unhoistableHeaders: new Set([checksumHeader]),
    signableHeaders: new Set(["host", "content-length", checksumHeader]),
  });
  return { url, headers: { [checksumHeader]: checksum } };
}

const checksumHeader = "x-amz-checksum-sha256";

/** Some stores take what was signed and check no bytes: one object tells. */
export async function holdsToGrants(bucket: Bucket): Promise<boolean> {
  const key = `trial/${randomUUID()}`;
  const bytes = randomBytes(16);
  const grant = await signPut(bucket, key, {
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    contentType: "application/octet-stream",
    seconds: 60,
  });
  try {
    return await takesOnly(grant, bytes);
  } finally {
    await bucket.client.send(new DeleteObjectCommand(addressOf(bucket, key)));
  }
}

export async function takesOnly(grant: Grant, bytes: Buffer<ArrayBuffer>): Promise<boolean> {
  const other = await statusOfPut(grant, randomBytes(bytes.length));
  const same = await statusOfPut(grant, bytes);
  return other >= 400 && same < 300;
}

async function statusOfPut({ url, headers }: Grant, body: Buffer<ArrayBuffer>): Promise<number> {
  try {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(url, { method: "PUT", headers, body, signal, redirect: "manual" });
    await answer.body?.cancel();
    if (answer.status < 500 || answer.status === 501) return answer.status;
  } catch {
    // Not the cause: it may hold the URL.
  }
  throw new FlixError("unavailable", { headers: { "retry-after": "5" } });
}
