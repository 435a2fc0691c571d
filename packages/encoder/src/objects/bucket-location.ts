import { EncoderError } from "../errors.ts";
import { type BucketAddress, parseBucketServer } from "../source/remote/master-address.ts";
import type { SourceAccess } from "../source/remote/source-access.ts";
import type { Bucket } from "./s3.ts";

/** Where chunks and shared masters are kept: a setting, so its endpoint is the operator's own. */
export interface BucketLocation extends BucketAddress {
  /** Empty, or with a slash at its end. */
  prefix: string;
}

/** `s3://bucket/prefix`, with `?endpoint=`, `&region=` and `&path_style=` where they are not the environment's; null for a folder. */
export function parseBucketLocation(location: string): BucketLocation | null {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return null;
  const [, bucket, path = "", query] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^?]*))?(?:\?(.*))?$/.exec(location) ?? [];
  const server = parseBucketServer(query);
  if (bucket === undefined || !server) {
    throw new EncoderError("setting_not_valid", {
      message: "The store of chunks is neither a folder nor s3://bucket/prefix.",
      hint: "Name a folder that all machines see, or s3://bucket/prefix?endpoint=https://s3.example.com.",
    });
  }
  const folder = path.replace(/\/+$/, "");
  return { bucket, prefix: folder === "" ? "" : `${folder}/`, ...server };
}

export async function openStoreBucket(location: BucketLocation, access: SourceAccess): Promise<Bucket> {
  const { endpoint, ...address } = location;
  const { openBucket } = await import("./s3.ts");
  const env = endpoint === undefined ? access.env : { ...access.env, AWS_ENDPOINT_URL_S3: endpoint };
  return openBucket(address, { ...access, env });
}
