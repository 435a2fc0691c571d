import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import {
  answerJson,
  answerProblem,
  startHttpServer,
  type ReceivedRequest,
  type TestServer,
} from "./http-server.ts";

export const partSize = 4;

export interface UploadServer extends TestServer {
  /** Part n of each upload, as it came. */
  stored: Map<string, Map<number, Buffer>>;
  /** How often each part came. */
  received: string[];
  /** Told of each part before it is taken; answers instead by returning true. */
  intercept: (part: string, response: ServerResponse) => boolean | Promise<boolean>;
  mostAtOnce: number;
  /** Where parts go directly; undefined: nothing is granted. "unknown": as a platform that has never heard of it. */
  bucket: Bucket | undefined | "unknown";
  /** The parts that were asked for, and those that were confirmed, call by call. */
  granted: string[][];
  confirmed: string[][];
}

/** Takes what was granted, and checks it as S3 does; a part counts only once it was confirmed. */
export interface Bucket extends TestServer {
  /** `path#number` of what it holds. */
  objects: Map<string, Buffer>;
  /** Told of each part before it is taken; answers instead by returning true. */
  intercept: (part: string, response: ServerResponse) => boolean | Promise<boolean>;
  /** Until when a grant that is asked for now is good. */
  grantedUntil: () => Date;
}

export async function startBucket(): Promise<Bucket> {
  const bucket: Bucket = Object.assign(
    await startHttpServer(async ({ path, headers, body }, response) => {
      const { pathname, searchParams } = new URL(path, "http://x");
      const part = decodeURIComponent(pathname.slice(1));
      if (await bucket.intercept(part, response)) return;
      if (searchParams.get("signature") !== headers["x-amz-checksum-sha256"]) {
        return void response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
      }
      if (createHash("sha256").update(body).digest("base64") !== headers["x-amz-checksum-sha256"]) {
        return void response.writeHead(400).end("<Error><Code>BadDigest</Code></Error>");
      }
      bucket.objects.set(part, body);
      response.writeHead(200).end();
    }),
    {
      objects: new Map<string, Buffer>(),
      intercept: () => false,
      grantedUntil: () => new Date("9999-01-01"),
    },
  );
  return bucket;
}

/** Keeps parts as the contract says: each is checked by its Content-Digest, and an upload is stored with its last part. */
export async function startUploadServer(
  files: Record<string, number>,
  contentOf: (path: string) => Uint8Array = () => new Uint8Array(),
): Promise<UploadServer> {
  const stored = new Map(Object.keys(files).map((path) => [path, new Map<number, Buffer>()]));
  let atOnce = 0;
  const server: UploadServer = Object.assign(
    await startHttpServer(async (request, response) => {
      if (request.method === "GET") return answerList(server, files, contentOf, request, response);
      if (request.method === "POST") return answerDirect(server, request, response);
      atOnce += 1;
      server.mostAtOnce = Math.max(server.mostAtOnce, atOnce);
      await takePart(server, files, request, response);
      atOnce -= 1;
    }),
    {
      stored,
      received: [],
      intercept: () => false,
      mostAtOnce: 0,
      bucket: undefined,
      granted: [],
      confirmed: [],
    },
  );
  return server;
}

function describeUpload({ stored }: UploadServer, files: Record<string, number>, path: string) {
  const size = files[path] ?? 0;
  const parts = stored.get(path) ?? new Map<number, Buffer>();
  const count = Math.ceil(size / partSize);
  return {
    id: `upl_${path}`,
    path,
    size_bytes: size,
    part_size_bytes: partSize,
    part_count: count,
    received_parts: [...parts.keys()].toSorted((a, b) => a - b),
    state: parts.size === count ? "stored" : "pending",
  };
}

interface NamedPart {
  upload_id: string;
  part_number: number;
  sha256: string;
}

function answerDirect(server: UploadServer, { path, text }: ReceivedRequest, response: ServerResponse): void {
  const { parts }: { parts: NamedPart[] } = JSON.parse(text);
  const { bucket } = server;
  if (bucket === "unknown") return answerProblem(response, 404, "not_found");
  if (path.endsWith("/upload-grants")) {
    server.granted.push(parts.map(nameOf));
    const grants = bucket ? parts.map((part) => grantOf(bucket, part)) : [];
    return answerJson(response, 200, { grants });
  }
  server.confirmed.push(parts.map(nameOf));
  const missing = parts.filter((part) => {
    const bytes = bucket?.objects.get(nameOf(part));
    if (bytes) server.stored.get(part.upload_id.slice(4))?.set(part.part_number, bytes);
    return bytes === undefined;
  });
  answerJson(response, 200, {
    missing: missing.map(({ upload_id, part_number }) => ({ upload_id, part_number, reason: "not_there" })),
  });
}

function nameOf({ upload_id, part_number }: NamedPart): string {
  return `${upload_id.slice(4)}#${part_number}`;
}

function grantOf({ url, grantedUntil }: Bucket, part: NamedPart) {
  const checksum = Buffer.from(part.sha256, "hex").toString("base64");
  const { upload_id, part_number } = part;
  return {
    upload_id,
    part_number,
    url: `${url}/${encodeURIComponent(nameOf(part))}?${new URLSearchParams({ signature: checksum })}`,
    headers: { "content-type": "video/mp4", "x-amz-checksum-sha256": checksum },
    expires_at: grantedUntil().toISOString(),
  };
}

/** Two a page, so that a few files make several. */
function answerList(
  server: UploadServer,
  files: Record<string, number>,
  contentOf: (path: string) => Uint8Array,
  { path }: ReceivedRequest,
  response: ServerResponse,
): void {
  const query = new URL(path, "http://x").searchParams;
  const all = Object.keys(files).map((name) => ({
    ...describeUpload(server, files, name),
    sha256: createHash("sha256").update(contentOf(name)).digest("hex"),
  }));
  const wanted = all.filter((upload) => upload.state === query.get("state"));
  const start = Number(query.get("cursor") ?? 0);
  const hasMore = start + 2 < wanted.length;
  const body = { data: wanted.slice(start, start + 2), ...(hasMore && { next_cursor: String(start + 2) }) };
  answerJson(response, 200, body);
}

async function takePart(
  server: UploadServer,
  files: Record<string, number>,
  { path, headers, body }: ReceivedRequest,
  response: ServerResponse,
): Promise<void> {
  const [, name = "", number = ""] =
    /^\/v1\/uploads\/upl_(.+)\/parts\/(\d+)$/.exec(decodeURIComponent(path)) ?? [];
  if (await server.intercept(`${name}#${number}`, response)) return;
  const digest = createHash("sha256").update(body).digest("base64");
  if (headers["content-digest"] !== `sha-256=:${digest}:`) {
    return answerProblem(response, 422, "upload_part_digest_mismatch");
  }
  server.received.push(`${name}#${number}`);
  server.stored.get(name)?.set(Number(number), body);
  answerJson(response, 200, describeUpload(server, files, name));
}
