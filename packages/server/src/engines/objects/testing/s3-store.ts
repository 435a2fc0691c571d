import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, vi } from "vitest";
import type { S3Access } from "../../../../../../tools/engines/s3.ts";
import { parseLocation, type S3Location } from "../location.ts";
import { createS3Objects } from "../s3.ts";

/** `FLIX_OBJECTS` of a prefix that nobody else uses. */
export function newStoreUrl(access: S3Access): string {
  return storeUrl({ ...access, prefix: `test-${randomUUID()}` });
}

/** `FLIX_OBJECTS` of a store that a test has already. */
export function storeUrl({
  bucket,
  prefix,
  endpoint,
  region,
}: S3Location | (S3Access & { prefix: string })): string {
  const parameters = new URLSearchParams({ ...(endpoint && { endpoint }), ...(region && { region }) });
  return `s3://${bucket}/${prefix}?${parameters}`;
}

/** Gives the SDK the keys where it looks for them, and nothing else to look at. */
export function giveKeys({
  accessKeyId,
  secretAccessKey,
}: Pick<S3Access, "accessKeyId" | "secretAccessKey">) {
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
}

/** A store of the file's own, emptied at its end. */
export function useStore(access: S3Access): S3Location {
  const location = parseLocation(newStoreUrl(access));
  if (location.kind !== "s3") throw new Error("This is not S3");
  beforeAll(() => giveKeys(access));
  afterAll(async () => {
    giveKeys(access);
    const { prefix } = location;
    await createS3Objects({ ...location, prefix: "" }).deleteUnder(prefix);
    vi.unstubAllEnvs();
  });
  return location;
}
