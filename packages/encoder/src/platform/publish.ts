import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  activatePackage,
  type Client,
  completePackage,
  getTitle,
  isFlixError,
  setTitleArtwork,
} from "@flix/sdk";
import type { EncodedPackage } from "../build.ts";
import { throwIfAborted } from "../errors.ts";
import type { SourcedMarker } from "../markers/merge-markers.ts";
import { type OfferedMarkers, publishMarkers } from "./publish-markers.ts";
import { explainUpload, type RemotePackage, type UploadTarget } from "./upload.ts";

export interface PublishedPackage extends RemotePackage {
  digest: string;
  /** What the title's are now; null where the ingest had none to set. */
  markers: SourcedMarker[] | null;
  report: EncodedPackage["report"];
  /** The encode was of an earlier run. */
  reused: boolean;
}

/**
 * Seals the package and makes it the title's current one: a run that fails before leaves the live one alone. Then the markers, which are
 * times of this cut; they may be set again and again.
 */
export async function publish(
  encoded: EncodedPackage,
  remote: RemotePackage,
  offered: OfferedMarkers,
  target: UploadTarget,
): Promise<PublishedPackage> {
  const { client, titleId, signal } = target;
  const call = signal ? { signal } : {};
  const { digest, report, reused } = encoded;
  throwIfAborted(signal);
  try {
    await complete(client, remote.packageId, call);
    await setMissingArtwork(client, titleId, join(encoded.folder, report.posterPath), call);
    await activatePackage(client, { package_id: remote.packageId }, call);
    const markers = await publishMarkers(target, offered, report.durationSeconds);
    return { ...remote, digest, markers, report, reused };
  } catch (error) {
    throw explainUpload(error, signal);
  }
}

/** The platform reads large files before it answers for them; how long that takes is its own affair, as long as it says so. */
async function complete(client: Client, packageId: string, call: { signal?: AbortSignal }): Promise<void> {
  for (;;) {
    try {
      await completePackage(client, { package_id: packageId }, call);
      return;
    } catch (error) {
      if (!isFlixError(error) || error.code !== "package_unverified") throw error;
      await client.clock.sleep((error.retryAfterSeconds ?? 1) * 1000, call.signal);
    }
  }
}

/** A frame of the film serves until an operator sets real artwork, and never replaces it. */
async function setMissingArtwork(
  client: Client,
  titleId: string,
  poster: string,
  call: { signal?: AbortSignal },
): Promise<void> {
  const title = await getTitle(client, { title_id: titleId }, call);
  const present = new Set((title.artwork ?? []).map(({ kind }) => kind));
  const missing = (["poster", "backdrop"] as const).filter((kind) => !present.has(kind));
  if (missing.length === 0) return;
  const body = new Uint8Array(await readFile(poster));
  for (const kind of missing) {
    await setTitleArtwork(client, { title_id: titleId, kind, body }, { ...call, contentType: "image/jpeg" });
  }
}
