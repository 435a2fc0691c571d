import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { s3 as engine } from "../../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { temporaryFolder } from "../../../testing/clips.ts";
import { listen, startFilmServer, serve, testAccess } from "../../../testing/film-server.ts";
import { fetchMaster } from "./fetch-master.ts";
import { parseMasterAddress } from "./master-address.ts";
import { openS3Source } from "./s3-source.ts";

type Environment = Readonly<Record<string, string>>;
const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };

function s3Address(text: string) {
  const address = parseMasterAddress(text);
  if (address.kind !== "s3") throw new Error(`${text} is no address of S3`);
  return address;
}

describeWith(engine, "a film in S3", ({ endpoint, region, bucket, accessKeyId, secretAccessKey }) => {
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  const film = randomBytes(6_000_000);
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const none = new AbortController().signal;

  const newKey = (name = "film.mp4"): string => {
    const Key = `${randomBytes(6).toString("hex")}/${name}`;
    onTestFinished(async () => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))));
    return Key;
  };
  const put = async (Key: string, Body: Buffer, ChecksumAlgorithm?: ChecksumAlgorithm): Promise<void> => {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body, ...(ChecksumAlgorithm && { ChecksumAlgorithm }) }),
    );
  };
  const open = (key: string, more: Environment = {}) =>
    openS3Source(s3Address(`s3://${bucket}/${key}`), testAccess({ env: { ...env, ...more } }), none);

  async function fetchFilm(key: string, query = "") {
    const [workDir, access] = [await temporaryFolder(), testAccess({ env })];
    const fetched = await fetchMaster(s3Address(`s3://${bucket}/${key}${query}`), { workDir, access });
    onTestFinished(fetched.release);
    return { path: fetched.path, bytes: await readFile(fetched.path) };
  }

  test.for(["SHA256", "SHA1", "CRC32", "CRC32C", "CRC64NVME"] satisfies ChecksumAlgorithm[])(
    "comes whole and is what its %s says",
    async (algorithm) => {
      const key = newKey("a film.mp4");
      await put(key, film, algorithm);
      expect((await open(key)).checksum).toMatchObject({
        algorithm: algorithm.toLowerCase(),
        partBytes: null,
      });
      const { path, bytes } = await fetchFilm(key);
      expect(path).toMatch(/\/a film\.mp4$/);
      expect(bytes.equals(film)).toBe(true);
    },
  );

  test("that came in parts is what the checksum of their checksums says", async () => {
    const object = { Bucket: bucket, Key: newKey() };
    const begin = new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm: "SHA256" });
    const { UploadId } = await client.send(begin);
    const Parts = [];
    for (const [index, Body] of [film.subarray(0, 5 << 20), film.subarray(5 << 20)].entries()) {
      const part = { PartNumber: index + 1, ChecksumAlgorithm: "SHA256" as const };
      const sent = await client.send(new UploadPartCommand({ ...object, UploadId, Body, ...part }));
      Parts.push({ PartNumber: part.PartNumber, ETag: sent.ETag, ChecksumSHA256: sent.ChecksumSHA256 });
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }),
    );
    expect((await open(object.Key)).checksum).toMatchObject({ algorithm: "sha256", partBytes: 5 << 20 });
    expect((await fetchFilm(object.Key)).bytes.equals(film)).toBe(true);
  });

  test("is read at the endpoint that its address names", async () => {
    const key = newKey();
    await put(key, film);
    const query = `?endpoint=${encodeURIComponent(endpoint)}&region=${region}`;
    expect((await fetchFilm(key, query)).bytes.equals(film)).toBe(true);
  });

  test("is read in ranges of one version", async () => {
    const key = newKey();
    await put(key, film);
    const source = await open(key);
    const stream = await source.read({ start: 1000, end: 2000 }, none);
    expect(Buffer.concat(await stream.toArray()).equals(film.subarray(1000, 2000))).toBe(true);
    await put(key, randomBytes(5_000_000));
    await expect(source.read({ start: 0, end: 10 }, none)).rejects.toMatchObject({ code: "source_changed" });
  });

  test("that is not there, in no bucket, or denied has a code each", async () => {
    const key = newKey();
    await put(key, film);
    await expect(open("nothing.mp4")).rejects.toMatchObject({ code: "source_not_found" });
    const elsewhere = s3Address("s3://no-such-bucket-here/film.mp4");
    await expect(openS3Source(elsewhere, testAccess({ env }), none)).rejects.toMatchObject({
      code: "source_not_found",
    });
    const denied = { code: "source_denied", hint: expect.stringContaining("AWS_ACCESS_KEY_ID") };
    await expect(open(key, { AWS_SECRET_ACCESS_KEY: "wrong" })).rejects.toMatchObject(denied);
  });
});

describe("an S3 server", () => {
  /** Answers as S3 does, to whatever is asked. */
  const answering = async (status: number, code: string) => {
    const endpoint = await listen((_, response) => {
      response.writeHead(status, { "content-type": "application/xml" });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
    });
    const access = testAccess({ env: { ...keys, AWS_ENDPOINT_URL: endpoint } });
    return openS3Source(s3Address("s3://masters/film.mp4"), access, new AbortController().signal);
  };

  test.for([
    [301, "PermanentRedirect", "source_wrong_region"],
    [400, "AuthorizationHeaderMalformed", "source_wrong_region"],
    [400, "ExpiredToken", "source_denied"],
    [400, "TokenRefreshRequired", "source_denied"],
    [403, "InvalidObjectState", "source_archived"],
    [403, "RequestTimeTooSkewed", "source_denied"],
    [418, "Teapot", "source_not_valid"],
    [403, "AccessDenied", "source_denied"],
    [403, "InvalidAccessKeyId", "source_denied"],
    [404, "NoSuchBucket", "source_not_found"],
    [503, "SlowDown", "source_unreachable"],
  ] as const)("that answers %i %s", async ([status, s3Code, code]) => {
    await expect(answering(status, s3Code)).rejects.toMatchObject({ code });
  });

  test("that is not there is source_unreachable", async () => {
    const access = testAccess({ env: { ...keys, AWS_ENDPOINT_URL: "http://127.0.0.1:1" } });
    await expect(
      openS3Source(s3Address("s3://masters/film.mp4"), access, new AbortController().signal),
    ).rejects.toMatchObject({ code: "source_unreachable", message: expect.stringContaining("ECONNREFUSED") });
  });

  test("is not asked without credentials", async () => {
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    onTestFinished(() => void vi.unstubAllEnvs());
    const access = testAccess({ env: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" } });
    await expect(
      openS3Source(s3Address("s3://masters/film.mp4"), access, new AbortController().signal),
    ).rejects.toMatchObject({ code: "source_denied", message: expect.stringContaining("no credentials") });
  });

  test("whose bytes are not those of the checksum is checksum_mismatch, and they are not kept", async () => {
    const film = randomBytes(100_000);
    const server = await startFilmServer(film);
    server.fault = (request, response) => {
      if (request.method !== "HEAD") serve(server, request, response);
      else
        response
          .writeHead(200, {
            "content-length": film.length,
            etag: '"v1"',
            "x-amz-checksum-sha256": Buffer.alloc(32).toString("base64"),
          })
          .end();
      return true;
    };
    const workDir = await temporaryFolder();
    const access = testAccess({ env: { ...keys, AWS_ENDPOINT_URL: new URL(server.url).origin } });
    await expect(fetchMaster(s3Address("s3://masters/film.mp4"), { workDir, access })).rejects.toMatchObject({
      code: "checksum_mismatch",
    });
    expect(await readdir(join(workDir, "sources"))).toEqual([]);
  });
});
