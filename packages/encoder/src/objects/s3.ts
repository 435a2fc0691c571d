import type { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  NotFound,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { BucketAddress } from "../source/remote/master-address.ts";
import { checksumAlgorithms, type ObjectChecksum } from "../source/remote/remote-source.ts";
import type { SourceAccess } from "../source/remote/source-access.ts";
import { guardedAgents } from "../source/remote/web-request.ts";

/** The only file that uses the S3 library. Its own errors are thrown: the callers know what they mean there (s3-failure.ts). */

export interface Bucket {
  name: string;
  head(key: string, signal?: AbortSignal): Promise<ObjectFacts>;
  /** Null where there is none; S3 tells so only to who may list the bucket. */
  find(key: string, signal?: AbortSignal): Promise<ObjectFacts | null>;
  /** Of the version that `etag` names, else status 412. */
  read(
    key: string,
    range: { start: number; end: number | null },
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<Readable>;
  /** Only where there is nothing yet, else status 412. */
  put(key: string, body: Uint8Array, options: PutOptions): Promise<void>;
  remove(key: string): Promise<void>;
  uploads: MultipartUploads;
  /** Addresses that grant one thing for a while, without any key of ours. */
  signGet(key: string, seconds: number): Promise<string>;
  signPut(key: string, seconds: number): Promise<string>;
}

export interface ObjectFacts {
  sizeBytes: number;
  etag: string | null;
  checksum: ObjectChecksum | null;
}

interface PutOptions {
  /** Base64. */
  sha256: string;
  signal?: AbortSignal | undefined;
}

export interface UploadedPart {
  number: number;
  etag: string;
  sha256: string;
}

/** Section "Multipart upload" of the S3 API. */
export interface MultipartUploads {
  /** The newest that was begun for the key and not ended. */
  find(key: string): Promise<string | undefined>;
  begin(key: string): Promise<string>;
  parts(key: string, id: string): Promise<UploadedPart[]>;
  put(key: string, id: string, number: number, body: Uint8Array, options: PutOptions): Promise<UploadedPart>;
  /** Only where there is nothing yet, else status 412. */
  complete(key: string, id: string, parts: readonly UploadedPart[]): Promise<void>;
  abort(key: string, id: string): Promise<void>;
}

export function openBucket(address: BucketAddress, access: SourceAccess): Bucket {
  const { bucket: Bucket } = address;
  const client = createClient(address, access);
  return {
    name: `s3://${Bucket}`,
    head: (Key, signal) => head(client, { Bucket, Key }, signal),
    find: (Key, signal) =>
      head(client, { Bucket, Key }, signal).catch((error: unknown) => {
        if (error instanceof NotFound) return null;
        throw error;
      }),
    async read(Key, { start, end }, etag, abortSignal) {
      const Range = `bytes=${start}-${end === null ? "" : end - 1}`;
      const command = new GetObjectCommand({
        Bucket,
        Key,
        Range,
        ...(etag === null ? {} : { IfMatch: etag }),
      });
      const { Body } = await client.send(command, { ...(abortSignal && { abortSignal }) });
      if (Body && "pipe" in Body) return Body;
      throw new TypeError("S3 answered without a body");
    },
    async put(Key, Body, { sha256, signal: abortSignal }) {
      const command = new PutObjectCommand({ Bucket, Key, Body, ChecksumSHA256: sha256, IfNoneMatch: "*" });
      await client.send(command, { ...(abortSignal && { abortSignal }) });
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    uploads: multipartUploads(client, Bucket),
    signGet: (Key, expiresIn) => getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn }),
    signPut: (Key, expiresIn) => getSignedUrl(client, new PutObjectCommand({ Bucket, Key }), { expiresIn }),
  };
}

function createClient(
  { bucket, endpoint, region, pathStyle }: BucketAddress,
  access: SourceAccess,
): S3Client {
  const { env } = access;
  const custom = endpoint ?? env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"];
  const known = region ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  const [accessKeyId, secretAccessKey] = [env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]];
  const sessionToken = env["AWS_SESSION_TOKEN"];
  return new S3Client({
    // Other servers than Amazon's have no host name a bucket; nor has a bucket with dots a certificate.
    forcePathStyle:
      pathStyle ?? ((custom !== undefined && !/\.amazonaws\.com\b/.test(custom)) || bucket.includes(".")),
    followRegionRedirects: true,
    // We do it ourselves, for single requests and whole transfers alike, as patiently as the caller says.
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // With it, a connection that breaks is noticed 6 s later.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: access.patience.stallMs,
      socketTimeout: access.patience.stallMs,
      ...(endpoint === undefined ? {} : guardedAgents(access)),
    },
    ...(custom === undefined ? {} : { endpoint: custom }),
    // Without these the library looks for a profile, and for the role of the machine.
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } }
      : {}),
    // Servers of one's own mostly do not care; Amazon's is read from the profile where nothing is said.
    ...(known === undefined && custom === undefined ? {} : { region: known ?? "us-east-1" }),
  });
}

async function head(
  client: S3Client,
  object: { Bucket: string; Key: string },
  abortSignal: AbortSignal | undefined,
): Promise<ObjectFacts> {
  const ask = async (PartNumber?: number): Promise<HeadObjectCommandOutput> =>
    client.send(
      new HeadObjectCommand({ ...object, ChecksumMode: "ENABLED", ...(PartNumber && { PartNumber }) }),
      {
        ...(abortSignal && { abortSignal }),
      },
    );
  const found = await ask();
  const checksum = checksumOf(found);
  // A checksum of the parts' checksums says how many there are, and the first one how long they are.
  const partBytes = checksum?.base64.includes("-") ? ((await ask(1)).ContentLength ?? null) : null;
  const base64 = checksum?.base64.replace(/-\d+$/, "");
  return {
    sizeBytes: found.ContentLength ?? 0,
    etag: found.ETag ?? null,
    checksum: checksum && base64 !== undefined ? { ...checksum, base64, partBytes } : null,
  };
}

function checksumOf(found: HeadObjectCommandOutput): Pick<ObjectChecksum, "algorithm" | "base64"> | null {
  const values = {
    sha256: found.ChecksumSHA256,
    sha1: found.ChecksumSHA1,
    crc64nvme: found.ChecksumCRC64NVME,
    crc32c: found.ChecksumCRC32C,
    crc32: found.ChecksumCRC32,
  };
  const algorithm = checksumAlgorithms.find((name) => values[name] !== undefined);
  const base64 = algorithm && values[algorithm];
  return algorithm !== undefined && base64 !== undefined ? { algorithm, base64 } : null;
}

function multipartUploads(client: S3Client, Bucket: string): MultipartUploads {
  return {
    async find(Key) {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
      const begun = Uploads.filter((upload) => upload.Key === Key);
      const newest = begun.toSorted((a, b) => Number(b.Initiated) - Number(a.Initiated))[0];
      return newest?.UploadId;
    },
    async begin(Key) {
      const command = new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "SHA256" });
      const { UploadId } = await client.send(command);
      if (UploadId === undefined) throw new TypeError("S3 began an upload without an id");
      return UploadId;
    },
    parts: (Key, UploadId) => listParts(client, { Bucket, Key, UploadId }),
    async put(Key, UploadId, number, Body, { sha256, signal: abortSignal }) {
      const command = new UploadPartCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: number,
        Body,
        ChecksumSHA256: sha256,
      });
      const { ETag } = await client.send(command, { ...(abortSignal && { abortSignal }) });
      return { number, etag: ETag ?? "", sha256 };
    },
    async complete(Key, UploadId, parts) {
      const Parts = parts.map(({ number, etag, sha256 }) => ({
        PartNumber: number,
        ETag: etag,
        ChecksumSHA256: sha256,
      }));
      const upload = { Bucket, Key, UploadId, IfNoneMatch: "*" };
      await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    },
    async abort(Key, UploadId) {
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    },
  };
}

async function listParts(
  client: S3Client,
  upload: { Bucket: string; Key: string; UploadId: string },
): Promise<UploadedPart[]> {
  const parts: UploadedPart[] = [];
  let marker: string | undefined;
  do {
    const page = await client.send(
      new ListPartsCommand({ ...upload, ...(marker && { PartNumberMarker: marker }) }),
    );
    for (const { PartNumber, ETag, ChecksumSHA256 } of page.Parts ?? []) {
      if (PartNumber !== undefined && ETag !== undefined && ChecksumSHA256 !== undefined)
        parts.push({ number: PartNumber, etag: ETag, sha256: ChecksumSHA256 });
    }
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
  return parts;
}
