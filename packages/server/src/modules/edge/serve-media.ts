import type { FastifyReply, FastifyRequest } from "fastify";
import type { Objects } from "../../engines/objects/objects.ts";
import { readObject } from "../../engines/objects/read-object.ts";
import { FlixError } from "../../kernel/errors.ts";
import type { Grant } from "../playback/index.ts";
import { readRange } from "./byte-range.ts";
import { contentTypeOf, manifestKindOf, type ManifestKind } from "./content-types.ts";
import { limitManifest } from "./dash-manifest.ts";
import { limitMaster } from "./hls-playlist.ts";
import type { IsStreaming } from "./live-sessions.ts";
import { readMediaPath, requireKey } from "./media-path.ts";
import type { HeightsOf } from "./package-heights.ts";

export interface EdgeContext {
  objects: Objects;
  openGrant: (token: string) => Grant;
  isStreaming: IsStreaming;
  heightsOf: HeightsOf;
}

/** Answers GET and HEAD of one file of a package. */
export async function serveMedia(
  request: FastifyRequest,
  reply: FastifyReply,
  context: EdgeContext,
): Promise<FastifyReply> {
  // Until there is something to keep.
  reply.header("cache-control", "no-store");
  const { grant, path } = await open(request.raw.url ?? "", context);
  const kind = manifestKindOf(path);
  const maxHeight = kind === undefined ? undefined : grant.maxHeight;
  const file: MediaFile = { key: `${grant.prefix}/${path}`, path, kind, etag: etagOf(grant, maxHeight) };
  return kind !== undefined && maxHeight !== undefined
    ? sendLimited(request, reply, { ...file, kind, maxHeight }, context)
    : sendFile(request, reply, file, context);
}

interface MediaFile {
  key: string;
  path: string;
  kind: ManifestKind | undefined;
  etag: string;
}

/** The grant and the path that it opens; throws when it does not. */
async function open(target: string, context: EdgeContext): Promise<{ grant: Grant; path: string }> {
  const { token, key: asked } = readMediaPath(target);
  const grant = context.openGrant(token);
  const key = requireKey(asked);
  if (!key.startsWith(`${grant.prefix}/`)) throw new FlixError("media_grant_not_valid");
  if (!(await context.isStreaming(grant.sessionId)))
    throw new FlixError("media_grant_expired", { detail: "Its playback session has ended." });
  const path = key.slice(grant.prefix.length + 1);
  if (grant.maxHeight !== undefined) {
    const height = (await context.heightsOf(grant.prefix, grant.hlsPath)).get(path) ?? 0;
    if (height > grant.maxHeight)
      throw new FlixError("media_grant_not_valid", {
        detail: `The plan plays up to ${grant.maxHeight} lines.`,
      });
  }
  return { grant, path };
}

async function sendLimited(
  request: FastifyRequest,
  reply: FastifyReply,
  file: MediaFile & { kind: ManifestKind; maxHeight: number },
  { objects }: EdgeContext,
): Promise<FastifyReply> {
  const bytes = await readObject(objects, file.key);
  if (!bytes) throw noSuchFile();
  describe(reply, file);
  if (isFresh(request, file)) return reply.code(304).send();
  const limit = file.kind === "hls" ? limitMaster : limitManifest;
  const limited = Buffer.from(limit(bytes.toString("utf8"), file.maxHeight));
  reply.header("content-length", limited.length);
  return request.method === "HEAD" ? reply.send() : reply.send(limited);
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: MediaFile,
  { objects }: EdgeContext,
): Promise<FastifyReply> {
  if (request.method === "HEAD" || isFresh(request, file)) {
    const info = await objects.head(file.key);
    if (!info) throw noSuchFile();
    describe(reply, file);
    if (isFresh(request, file)) return reply.code(304).send();
    return reply.headers({ "accept-ranges": "bytes", "content-length": info.sizeBytes }).send();
  }
  const ifRange = request.headers["if-range"];
  const wanted =
    ifRange === undefined || ifRange === file.etag ? readRange(request.headers.range) : undefined;
  const opened = await objects.open(file.key, wanted);
  if (!opened) throw noSuchFile();
  const { sizeBytes } = opened;
  if (opened.state === "outside") {
    throw new FlixError("media_range_not_satisfiable", {
      headers: { "content-range": `bytes */${sizeBytes}`, "cache-control": "no-store" },
    });
  }
  describe(reply, file).header("accept-ranges", "bytes");
  if (wanted === undefined) return reply.header("content-length", sizeBytes).send(opened.body);
  const { start, end } = opened.range;
  return reply
    .code(206)
    .headers({ "content-range": `bytes ${start}-${end}/${sizeBytes}`, "content-length": end - start + 1 })
    .send(opened.body);
}

function describe(reply: FastifyReply, { path, kind, etag }: MediaFile): FastifyReply {
  return reply.headers({
    etag,
    "content-type": contentTypeOf(path),
    // The grant is in the URL, so only the viewer's own cache may keep it.
    "cache-control": kind === undefined ? "private, max-age=31536000, immutable" : "private, max-age=60",
    // Pictures of a player on another origin; the grant is what opens them, not the origin.
    "cross-origin-resource-policy": "cross-origin",
  });
}

function noSuchFile(): FlixError {
  return new FlixError("not_found", { detail: "The package has no such file." });
}

/** Files of a package never change: the digest of them all and the limit name the bytes behind a URL. */
function etagOf({ digest }: Grant, maxHeight?: number): string {
  return maxHeight === undefined ? `"${digest.slice(0, 32)}"` : `"${digest.slice(0, 32)}-${maxHeight}"`;
}

/** RFC 9110 section 13.1.2. */
function isFresh({ headers }: FastifyRequest, { etag }: MediaFile): boolean {
  const tags = (headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
