import { buffer } from "node:stream/consumers";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Objects } from "../../engines/objects/objects.ts";
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
  const key = `${grant.prefix}/${path}`;
  const object = await context.objects.head(key);
  if (!object) throw new FlixError("not_found", { detail: "The package has no such file." });
  const kind = manifestKindOf(path);
  reply.headers({
    "content-type": contentTypeOf(path),
    // The grant is in the URL, so only the viewer's own cache may keep it.
    "cache-control": kind === undefined ? "private, max-age=31536000, immutable" : "private, max-age=60",
    // Pictures of a player on another origin; the grant is what opens them, not the origin.
    "cross-origin-resource-policy": "cross-origin",
  });
  return kind !== undefined && grant.maxHeight !== undefined
    ? sendLimited(request, reply, { key, kind, grant, maxHeight: grant.maxHeight }, context)
    : sendFile(request, reply, { key, etag: etagOf(grant), sizeBytes: object.sizeBytes }, context);
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
  { key, kind, grant, maxHeight }: { key: string; kind: ManifestKind; grant: Grant; maxHeight: number },
  { objects }: EdgeContext,
): Promise<FastifyReply> {
  const etag = etagOf(grant, maxHeight);
  if (isFresh(request, reply, etag)) return reply.code(304).send();
  const text = (await buffer(objects.read(key))).toString("utf8");
  const limited = Buffer.from(kind === "hls" ? limitMaster(text, maxHeight) : limitManifest(text, maxHeight));
  reply.header("content-length", limited.length);
  return request.method === "HEAD" ? reply.send() : reply.send(limited);
}

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { key, etag, sizeBytes }: { key: string; etag: string; sizeBytes: number },
  { objects }: EdgeContext,
): FastifyReply {
  if (isFresh(request, reply, etag)) return reply.code(304).send();
  reply.header("accept-ranges", "bytes");
  if (request.method === "HEAD") return reply.header("content-length", sizeBytes).send();
  const ifRange = request.headers["if-range"];
  const range =
    ifRange === undefined || ifRange === etag ? readRange(request.headers.range, sizeBytes) : "whole";
  if (range === "unsatisfiable") {
    throw new FlixError("media_range_not_satisfiable", {
      headers: { "content-range": `bytes */${sizeBytes}`, "cache-control": "no-store" },
    });
  }
  if (range === "whole") return reply.header("content-length", sizeBytes).send(objects.read(key));
  return reply
    .code(206)
    .header("content-range", `bytes ${range.start}-${range.end}/${sizeBytes}`)
    .header("content-length", range.end - range.start + 1)
    .send(objects.read(key, range));
}

/** Files of a package never change: the digest of them all and the limit name the bytes behind a URL. */
function etagOf({ digest }: Grant, maxHeight?: number): string {
  return maxHeight === undefined ? `"${digest.slice(0, 32)}"` : `"${digest.slice(0, 32)}-${maxHeight}"`;
}

/** RFC 9110 section 13.1.2; also sets the `ETag`. */
function isFresh(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header("etag", etag);
  const tags = (request.headers["if-none-match"] ?? "")
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
