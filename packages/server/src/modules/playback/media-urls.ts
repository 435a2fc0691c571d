import type { Clock } from "../../kernel/clock.ts";
import { grantExpiry, type Grants } from "./grant.ts";
import type { SessionRow } from "./tables.ts";

export interface MediaUrls {
  /** What every URL of the session's package begins with. */
  baseUrl: string;
  expiresAt: Date;
}

/** A new grant for the session's package, under the height that the plan allows now. */
export function mediaUrlsOf(
  session: SessionRow,
  maxHeight: number,
  { grants, clock }: { grants: Grants; clock: Clock },
): MediaUrls {
  const expiresAt = grantExpiry(clock.now(), session.duration_seconds);
  const grant = grants.seal({
    sessionId: session.id,
    titleId: session.title_id,
    digest: session.package_digest,
    hlsPath: session.hls_path,
    maxHeight: session.top_height !== null && session.top_height > maxHeight ? maxHeight : undefined,
    expiresAt,
  });
  return { baseUrl: `/media/${grant}/titles/${session.title_id}/${session.package_digest}/`, expiresAt };
}
