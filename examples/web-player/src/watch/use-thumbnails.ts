import { useEffect, useState } from "react";
import type { Playback, PlaybackSession } from "./playback.ts";
import { parseThumbnails, type Thumbnail } from "./thumbnails.ts";

/** The pictures of the scrub bar; none where there are none, or they cannot be loaded. */
export function useThumbnails(session: PlaybackSession, playback: Playback | undefined): Thumbnail[] {
  const [thumbnails, setThumbnails] = useState<Thumbnail[]>([]);
  const address = session.thumbnails_url;
  useEffect(() => {
    if (address === undefined || !playback) return undefined;
    const abort = new AbortController();
    const load = async () => {
      const url = playback.grant.rewrite(address);
      const response = await fetch(url, { signal: abort.signal });
      if (response.ok) setThumbnails(parseThumbnails(await response.text(), url));
    };
    load().catch(() => undefined);
    return () => abort.abort();
  }, [address, playback]);
  return thumbnails;
}
