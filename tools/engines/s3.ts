import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { freePort } from "./free-port.ts";
import { provideGoProgram } from "./go-program.ts";

export interface S3Access {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const region = "us-east-1";
const bucket = "flix-test";
const accessKeyId = "flix-test";
const secretAccessKey = "flix-test-secret";

/** Versity's S3 gateway over a directory: multipart, ranges, checksums, presigned URLs, conditional writes; no lifecycle rules. */
export const s3: Engine<S3Access> = {
  name: "s3",
  provide: (cache) =>
    provideGoProgram(cache, {
      module: "github.com/versity/versitygw",
      command: "cmd/versitygw",
      version: "v1.8.0",
    }),
  async prepare(folder, { path }) {
    const port = await freePort();
    const data = join(folder, "data");
    const metadata = join(folder, "metadata");
    // A folder of the data is a bucket.
    await mkdir(join(data, bucket), { recursive: true });
    await mkdir(metadata);
    // Without --keep-alive: with it, the request after a streamed upload now and then fails to be parsed (400 BadRequest).
    const gateway = ["--port", `127.0.0.1:${port}`, "--region", region, "--health", "/health", "--quiet"];
    return {
      // Not every file system has the extended attributes in which it keeps metadata otherwise.
      command: [path, ...gateway, "posix", "--sidecar", metadata, data],
      environment: { ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
      url: `http://127.0.0.1:${port}`,
    };
  },
  async ping(url) {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  },
  access: (endpoint) => ({ endpoint, region, bucket, accessKeyId, secretAccessKey }),
  variables: (endpoint) => ({
    FLIX_TEST_S3_ENDPOINT: endpoint,
    FLIX_TEST_S3_REGION: region,
    FLIX_TEST_S3_BUCKET: bucket,
    FLIX_TEST_S3_ACCESS_KEY_ID: accessKeyId,
    FLIX_TEST_S3_SECRET_ACCESS_KEY: secretAccessKey,
  }),
  named(environment) {
    const endpoint = environment["FLIX_TEST_S3_ENDPOINT"];
    if (endpoint === undefined) return undefined;
    return {
      endpoint,
      region: environment["FLIX_TEST_S3_REGION"] ?? region,
      bucket: environment["FLIX_TEST_S3_BUCKET"] ?? bucket,
      accessKeyId: environment["FLIX_TEST_S3_ACCESS_KEY_ID"] ?? accessKeyId,
      secretAccessKey: environment["FLIX_TEST_S3_SECRET_ACCESS_KEY"] ?? secretAccessKey,
    };
  },
};
