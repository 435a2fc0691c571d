import { resolve } from "node:path";
import { isSegment } from "./object-key.ts";

export type ObjectsLocation = DirectoryLocation | S3Location;

export interface DirectoryLocation {
  kind: "directory";
  directory: string;
}

export interface S3Location {
  kind: "s3";
  bucket: string;
  /** Of every key, without slashes around it; empty: the bucket is ours alone. */
  prefix: string;
  /** Undefined: Amazon's, of the region. */
  endpoint: string | undefined;
  /** Where clients reach the same store, that bring their uploads straight to it; undefined: where the server does. */
  publicEndpoint: string | undefined;
  /** Undefined: what the SDK finds (AWS_REGION, the profile). */
  region: string | undefined;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`. */
  pathStyle: boolean;
}

const example = "s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1";
const known = new Set(["endpoint", "public_endpoint", "region", "path_style"]);

/** A directory, or `s3://bucket/prefix` with the parameters `endpoint`, `public_endpoint`, `region` and `path_style`. */
export function parseLocation(value: string): ObjectsLocation {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return { kind: "directory", directory: resolve(value) };
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "s3:") throw new Error(`must be a directory, or a URL such as ${example}`);
  if (url.username !== "" || url.password !== "") {
    throw new Error(
      "must hold no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a profile or a role",
    );
  }
  const unknown = [...url.searchParams.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw new Error(`has no parameter ${unknown}: ${[...known].join(", ")}`);
  const endpoint = endpointOf(url, "endpoint");
  const publicEndpoint = endpointOf(url, "public_endpoint");
  const region = url.searchParams.get("region") || undefined;
  if (publicEndpoint !== undefined && endpoint === undefined && region === undefined) {
    throw new Error("must have a region beside its public_endpoint");
  }
  return {
    kind: "s3",
    bucket: bucketOf(url),
    prefix: prefixOf(url),
    endpoint,
    publicEndpoint,
    region,
    pathStyle: pathStyleOf(url.searchParams.get("path_style")) ?? endpoint !== undefined,
  };
}

function bucketOf({ host }: URL): string {
  if (/^[A-Za-z0-9][\w.-]{1,61}[A-Za-z0-9]$/.test(host)) return host;
  throw new Error(`must name a bucket, of 3 to 63 letters, digits, dots and dashes: ${example}`);
}

function prefixOf({ pathname }: URL): string {
  const prefix = decode(pathname).replace(/^\/|\/$/g, "");
  if (prefix === "" || prefix.split("/").every(isSegment)) return prefix;
  throw new Error("has a prefix that cannot begin an object's key");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("has a prefix that is not percent-encoded UTF-8");
  }
}

function endpointOf({ searchParams }: URL, parameter: string): string | undefined {
  const text = searchParams.get(parameter);
  if (text === null) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === "")
    return url.href.replace(/\/+$/, "");
  throw new Error(`must have an http or https URL as its ${parameter}`);
}

function pathStyleOf(text: string | null): boolean | undefined {
  if (text === null) return undefined;
  if (text === "true" || text === "false") return text === "true";
  throw new Error("must have true or false as its path_style");
}
