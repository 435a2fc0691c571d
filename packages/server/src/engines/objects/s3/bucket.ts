import type { S3Client } from "@aws-sdk/client-s3";
import { segmentsOf } from "../object-key.ts";

/** Where in S3 the objects are, and the client to reach it. */
export interface Bucket {
  client: S3Client;
  name: string;
  /** Begins every key; empty, or with a slash at its end. */
  prefix: string;
}

/** What names an object in a request. */
export function addressOf({ name, prefix }: Bucket, key: string): { Bucket: string; Key: string } {
  segmentsOf(key);
  return { Bucket: name, Key: `${prefix}${key}` };
}

/** What names the object in a request that copies from it. */
export function copySourceOf(bucket: Bucket, key: string): string {
  const { Bucket, Key } = addressOf(bucket, key);
  return [Bucket, ...Key.split("/")].map(encodeURIComponent).join("/");
}

/** What a listing calls an object, as we do. */
export function keyOf({ prefix }: Bucket, name: string): string {
  return name.slice(prefix.length);
}
