import { basename } from "node:path";
import { EncoderError } from "../../errors.ts";

/** Where a master lies, as an operator names it. */
export type MasterAddress =
  | { kind: "file"; path: string }
  | { kind: "web"; url: URL }
  | ({ kind: "s3"; key: string } & BucketAddress);

export interface BucketAddress {
  bucket: string;
  /** Of whoever named the bucket, who may be anybody; the environment's is the operator's own and is not checked. */
  endpoint?: string | undefined;
  region?: string | undefined;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`. */
  pathStyle?: boolean | undefined;
}

export type RemoteAddress = Exclude<MasterAddress, { kind: "file" }>;

/** A path, `https://host/film.mov`, or `s3://bucket/key` with `?endpoint=` and `&region=` where they are not the environment's. */
export function parseMasterAddress(input: string): MasterAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(input)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return { kind: "file", path: input };
    case "http":
    case "https":
      if (URL.canParse(input)) return { kind: "web", url: new URL(input) };
      throw notValid("is not a valid URL");
    case "s3":
      return parseS3(input);
    default:
      throw notValid(`begins with ${scheme}://, which is not supported`);
  }
}

/** `endpoint=https://s3.example.com&region=eu-west-1&path_style=true`; null where it makes no sense. */
export function parseBucketServer(query: string | undefined): Omit<BucketAddress, "bucket"> | null {
  const parameters = new URLSearchParams(query);
  const read = (name: string): string | undefined => parameters.get(name) ?? undefined;
  const [endpoint, style] = [read("endpoint"), read("path_style")];
  if (endpoint !== undefined && !(/^https?:\/\//.test(endpoint) && URL.canParse(endpoint))) return null;
  if (style !== undefined && style !== "true" && style !== "false") return null;
  return { endpoint, region: read("region"), pathStyle: style === undefined ? undefined : style === "true" };
}

export function isRemote(input: string): boolean {
  return parseMasterAddress(input).kind !== "file";
}

/** `aws s3` takes keys as they are, so nothing is decoded, and only our own parameters end a key. */
function parseS3(input: string): MasterAddress {
  const [, rest = "", query] = /^s3:\/\/(.*?)(?:\?((?:endpoint|region|path_style)=.*))?$/is.exec(input) ?? [];
  const [, bucket, key] = /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s.exec(rest) ?? [];
  if (bucket === undefined || key === undefined) throw notValid("names no bucket and key");
  const server = parseBucketServer(query);
  if (!server)
    throw notValid("has an endpoint that is no URL, or a path_style that is neither true nor false");
  return { kind: "s3", bucket, key, ...server };
}

/** The address without what grants access: no user, no password, no query, and no folders, which may be a grant too. */
export function describeAddress(address: MasterAddress): string {
  switch (address.kind) {
    case "file":
      return address.path;
    case "s3":
      return `s3://${address.bucket}/${address.key}`;
    case "web": {
      const folders = address.url.pathname.lastIndexOf("/") > 0 ? "…/" : "";
      return `${address.url.protocol}//${address.url.host}/${folders}${filenameOf(address)}`;
    }
  }
}

/** The master's own name, fit for a file of ours. */
export function filenameOf(address: MasterAddress): string {
  if (address.kind === "file") return basename(address.path);
  const path = address.kind === "s3" ? address.key : decoded(address.url.pathname);
  const name = (path.split("/").at(-1) ?? "").replaceAll(/[\\\p{Cc}]/gu, "_");
  return ["", ".", ".."].includes(name) ? "master" : endOf(name);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** File systems hold 255 bytes; the end of a name tells more, and has its extension. A letter that is cut through goes. */
function endOf(name: string): string {
  const bytes = Buffer.from(name);
  return bytes.length <= 200
    ? bytes.toString()
    : bytes
        .subarray(-200)
        .toString()
        .replace(/^\uFFFD+/, "");
}

function notValid(what: string): EncoderError {
  // The address may hold a password, so it is not repeated.
  return new EncoderError("url_not_valid", {
    message: `The master's address ${what}.`,
    hint: "Name a file, an address such as https://media.example.com/film.mov, or s3://bucket/key.",
  });
}
