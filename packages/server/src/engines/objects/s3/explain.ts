import { FlixError } from "../../../kernel/errors.ts";
import { ObjectsError, type ObjectsErrorCode } from "../errors.ts";
import type { S3Location } from "../location.ts";
import { type Fault, faultOf } from "./faults.ts";

/** A fault of the store, for the operator: which variable, what was tried, what to do. */
export function explain(error: unknown, location: S3Location): unknown {
  const cause = error instanceof FlixError ? error.cause : error;
  const fault = faultOf(cause);
  const advice = fault && advices[fault];
  if (advice === undefined) return error;
  const { bucket, prefix } = location;
  const variable = `FLIX_OBJECTS=s3://${bucket}${prefix && "/"}${prefix}`;
  const message = `${variable}: ${advice.what(location)} (${sayingOf(cause)}). ${advice.next}`;
  return new ObjectsError(advice.code, message, { cause });
}

interface Advice {
  code: ObjectsErrorCode;
  what: (location: S3Location) => string;
  next: string;
}

const advices: Record<Exclude<Fault, "full">, Advice> & { full?: undefined } = {
  unreachable: {
    code: "objects_unreachable",
    what: (location) => `${hostOf(location)} does not answer`,
    next: "Check the endpoint, and that it can be reached from here.",
  },
  "bucket not found": {
    code: "objects_bucket_not_found",
    what: (location) => `${hostOf(location)} has no bucket ${location.bucket}`,
    next: "Create it, or name another.",
  },
  "keys missing": {
    code: "objects_keys_missing",
    what: () => "there are no keys",
    next: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role.",
  },
  "keys refused": {
    code: "objects_keys_refused",
    what: (location) => `${hostOf(location)} does not take the keys`,
    next: "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and this machine's clock.",
  },
  "access denied": {
    code: "objects_access_denied",
    what: () => "the keys may not use the bucket",
    next: "Allow them ListBucket, ListBucketMultipartUploads, ListMultipartUploadParts, GetObject, PutObject, DeleteObject and AbortMultipartUpload.",
  },
  "region differs": {
    code: "objects_region_differs",
    what: ({ region }) => `the bucket is not in ${region ?? "the region that was asked"}`,
    next: "Name its region: FLIX_OBJECTS=s3://bucket/prefix?region=eu-central-1, or AWS_REGION.",
  },
  "not S3": {
    code: "objects_not_s3",
    what: (location) => `${hostOf(location)} does not answer as S3 does`,
    next: "Check the endpoint: its scheme, host and port.",
  },
};

function hostOf({ endpoint }: S3Location): string {
  return endpoint ?? "Amazon S3";
}

/** The name that S3 gives the error, and the first line of what it says. */
function sayingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [line = ""] = error.message.split("\n");
  return error.name === "Error" || error.name === "SyntaxError" ? line : `${error.name}: ${line}`;
}
