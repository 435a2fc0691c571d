/** The beginning of a package's URLs, which carries the grant and changes with every heartbeat. */
export interface MediaGrant {
  renew(mediaBaseUrl: string): void;
  /** Puts the newest grant into a URL that began with this or an earlier one; leaves every other URL alone. */
  rewrite(url: string): string;
}

/**
 * Engines resolve URLs against the manifest or playlist that they came in, and that was fetched under whichever grant was the newest
 * then; so any grant of the session may stand at the beginning of a URL. Beginnings are opaque: they are compared, never taken apart.
 */
export function createMediaGrant(mediaBaseUrl: string, origin: string): MediaGrant {
  const absolute = (url: string) => new URL(url, origin).href;
  let newest = absolute(mediaBaseUrl);
  const earlier = new Set<string>();
  return {
    renew(next) {
      earlier.add(newest);
      newest = absolute(next);
      earlier.delete(newest);
    },
    rewrite(url) {
      const target = absolute(url);
      if (target.startsWith(newest)) return target;
      for (const beginning of earlier) {
        if (target.startsWith(beginning)) return newest + target.slice(beginning.length);
      }
      return target;
    },
  };
}
