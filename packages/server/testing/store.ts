import { randomUUID } from "node:crypto";
import { findAccess, whyMissing } from "../../../tools/engines/find-access.ts";
import { s3 } from "../../../tools/engines/s3.ts";
import { parseLocation } from "../src/engines/objects/location.ts";
import { createS3Objects } from "../src/engines/objects/s3.ts";
import { embedded, type TestEngine } from "./test-engine.ts";

/** An empty store: a directory of the data folder, or a prefix of the bucket for tests where the run is about S3. */
export function testStore(): TestEngine {
  if (process.env["FLIX_TEST_STORE"] !== "s3") return embedded;
  const access = findAccess(s3);
  if (access === undefined) throw new Error(`This run ${whyMissing(s3)}`);
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = access;
  // Where the SDK looks for them.
  process.env["AWS_ACCESS_KEY_ID"] = accessKeyId;
  process.env["AWS_SECRET_ACCESS_KEY"] = secretAccessKey;
  const prefix = `test-${randomUUID()}`;
  const query = new URLSearchParams({ endpoint, region }).toString();
  return {
    environment: { FLIX_OBJECTS: `s3://${bucket}/${prefix}?${query}` },
    async remove() {
      const bucketItself = parseLocation(`s3://${bucket}?${query}`);
      if (bucketItself.kind === "s3") await createS3Objects(bucketItself).deleteUnder(prefix);
    },
  };
}
