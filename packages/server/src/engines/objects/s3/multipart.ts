import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  type ListMultipartUploadsCommandInput,
  ListMultipartUploadsCommand,
} from "@aws-sdk/client-s3";
import { addressOf, type Bucket } from "./bucket.ts";
import { writeOnce } from "./write-once.ts";

/** S3's limits: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const mostParts = 10_000;
export const smallestPartBytes = 5 * 1024 * 1024;
export const largestCopiedBytes = 5 * 1024 ** 3;

/** What names an upload in the request that adds a part. */
export interface Multipart {
  Bucket: string;
  Key: string;
  UploadId: string | undefined;
}

/** An object made of the parts that `addParts` adds; given up, and with it all parts, when that fails. */
export async function writeMultipart(
  bucket: Bucket,
  { key, sizeBytes, contentType }: { key: string; sizeBytes: () => number; contentType: string },
  addParts: (upload: Multipart) => Promise<CompletedPart[]>,
): Promise<void> {
  const address = addressOf(bucket, key);
  const { UploadId } = await bucket.client.send(
    new CreateMultipartUploadCommand({ ...address, ContentType: contentType, ChecksumAlgorithm: "SHA256" }),
  );
  const upload = { ...address, UploadId };
  let written = false;
  try {
    const Parts = await addParts(upload);
    written = await writeOnce(bucket, { key, sizeBytes: sizeBytes() }, (condition) =>
      bucket.client.send(
        new CompleteMultipartUploadCommand({ ...upload, ...condition, MultipartUpload: { Parts } }),
      ),
    );
  } finally {
    // What fails here is swept later.
    if (!written) await bucket.client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
  }
}

/** Gives up the uploads that were begun before then, and that nobody is known to go on with: whoever began them has died. */
export async function sweepMultiparts(
  bucket: Bucket,
  begunBefore: Date,
  open: ReadonlySet<string>,
): Promise<void> {
  const { client, name, prefix } = bucket;
  const request: ListMultipartUploadsCommandInput = { Bucket: name, Prefix: prefix };
  for (let more = true; more;) {
    const page = await client.send(new ListMultipartUploadsCommand(request));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Initiated === undefined || Initiated >= begunBefore || open.has(UploadId ?? "")) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: name, Key, UploadId }));
    }
    more = page.IsTruncated === true;
    request.KeyMarker = page.NextKeyMarker;
    request.UploadIdMarker = page.NextUploadIdMarker;
  }
}
