import { createHmac, timingSafeEqual } from "node:crypto";
import { FlixError } from "../../kernel/errors.ts";

/** What a media URL opens: one package of one title, for one session, for a while. */
export interface Grant {
  sessionId: string;
  titleId: string;
  /** SHA-256 of the package, in hex. */
  digest: string;
  /** Begins the keys of the objects that it opens. */
  prefix: string;
  /** The HLS master playlist below the prefix; the edge learns from it which file has which height. */
  hlsPath: string;
  /** Renditions above it are not opened; undefined when the plan allows all that the package has. */
  maxHeight: number | undefined;
  expiresAt: Date;
}

export type NewGrant = Omit<Grant, "prefix">;

export interface Grants {
  /** Writes a grant as one path segment of unreserved characters. */
  seal(grant: NewGrant): string;
  /** Reads a grant back; throws `media_grant_not_valid` or `media_grant_expired`. */
  open(token: string): Grant;
}

/**
 * Grants travel in the path, so that the relative URLs of manifests inherit them. A token is
 * `session~title~digest~hls path~height~expiry~mac`: ids without their prefix, binary parts in base64url, height and expiry (Unix
 * seconds) in base 36. The HMAC-SHA256 covers the text before it, and is compared as text: base64url has more than one
 * spelling for the last digit, and only ours is taken.
 */
export function createGrants(key: Buffer, now: () => Date): Grants {
  const macOf = (claims: string) => createHmac("sha256", key).update(claims).digest("base64url");
  return {
    seal(grant) {
      const claims = writeClaims(grant);
      return `${claims}~${macOf(claims)}`;
    },
    open(token) {
      const end = token.lastIndexOf("~");
      const claims = token.slice(0, Math.max(end, 0));
      if (!equal(token.slice(end + 1), macOf(claims))) throw new FlixError("media_grant_not_valid");
      const grant = readClaims(claims);
      if (grant.expiresAt <= now()) throw new FlixError("media_grant_expired");
      return grant;
    },
  };
}

const pausesMs = 2 * 3_600_000;
const longestMs = 24 * 3_600_000;

/**
 * When a grant that is sealed now expires, to the second: after the whole title and two hours of pauses. Players read a
 * VOD playlist once, and those that cannot rewrite URLs (Safari's own, AirPlay, televisions) go on with the grant that they
 * began with. It may be long since it is not what takes a stream away: the edge asks whether the session still lives.
 */
export function grantExpiry(now: Date, durationSeconds: number): Date {
  const validMs = Math.min(durationSeconds * 1000 + pausesMs, longestMs);
  return new Date(Math.floor((now.getTime() + validMs) / 1000) * 1000);
}

function writeClaims(grant: NewGrant): string {
  return [
    grant.sessionId.slice("pbs_".length),
    grant.titleId.slice("ttl_".length),
    Buffer.from(grant.digest, "hex").toString("base64url"),
    Buffer.from(grant.hlsPath).toString("base64url"),
    (grant.maxHeight ?? 0).toString(36),
    Math.floor(grant.expiresAt.getTime() / 1000).toString(36),
  ].join("~");
}

function readClaims(claims: string): Grant {
  const [session, title, digestText, hlsText, height, expiry, ...rest] = claims.split("~");
  // Only we sign: another shape is a grant of a version before, whose players fetch a new one.
  if (!session || !title || !digestText || !hlsText || !height || !expiry || rest.length > 0)
    throw new FlixError("media_grant_not_valid");
  const titleId = `ttl_${title}`;
  const digest = Buffer.from(digestText, "base64url").toString("hex");
  return {
    sessionId: `pbs_${session}`,
    titleId,
    digest,
    prefix: `titles/${titleId}/${digest}`,
    hlsPath: Buffer.from(hlsText, "base64url").toString("utf8"),
    maxHeight: Number.parseInt(height, 36) || undefined,
    expiresAt: new Date(Number.parseInt(expiry, 36) * 1000),
  };
}

function equal(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
