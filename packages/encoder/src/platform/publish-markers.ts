import {
  type Client,
  getPackageReport,
  getTitleMarkers,
  isFlixError,
  type Output,
  setTitleMarkers,
} from "@flix/sdk";
import type { Marker } from "../markers/markers.ts";
import { mergeMarkers, type SourcedMarker } from "../markers/merge-markers.ts";
import { type ProposedMarker, proposalsInReport } from "../markers/proposals-in-report.ts";
import type { UploadTarget } from "./upload.ts";

/** What an ingest knows of a film's markers. */
export interface OfferedMarkers {
  /** By its settings. */
  given: readonly Marker[];
  /** Found by the encoder, where the operator takes its word. */
  accepted: readonly Marker[];
}

type TitleMarkers = Output<"getTitleMarkers">;

/**
 * Tells the platform where intro, recap and credits are, but for the kinds that an operator has set there. Answers what holds now; null
 * where there is nothing to tell, and nothing was asked.
 */
export async function publishMarkers(
  target: UploadTarget,
  { given, accepted }: OfferedMarkers,
  durationSeconds: number,
): Promise<SourcedMarker[] | null> {
  const { client, titleId, signal } = target;
  const offered = [
    ...given.map((marker) => ({ ...bare(marker), source: "ingest" as const })),
    ...accepted.map((marker) => ({ ...bare(marker), source: "detected" as const })),
  ];
  if (offered.length === 0) return null;
  const call = signal ? { signal } : {};
  return changeMarkers(client, titleId, call, (present) => mergeMarkers(present, offered, durationSeconds));
}

/** What the encoder proposed when it made a package; nothing where another encoder made it. */
export async function proposedMarkersOf(
  { client, signal }: Pick<UploadTarget, "client" | "signal">,
  packageId: string,
): Promise<ProposedMarker[]> {
  try {
    return proposalsInReport(
      await getPackageReport(client, { package_id: packageId }, signal ? { signal } : {}),
    );
  } catch (error) {
    if (isFlixError(error) && error.code === "not_found") return [];
    throw error;
  }
}

const tries = 3;

/** Reads, changes and writes; once more where somebody else wrote in between. */
async function changeMarkers(
  client: Client,
  titleId: string,
  call: { signal?: AbortSignal },
  change: (present: SourcedMarker[]) => SourcedMarker[],
): Promise<SourcedMarker[]> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await getTitleMarkers(client, { title_id: titleId }, call);
    const present = current.markers.map(fromContract);
    const wanted = change(present);
    if (JSON.stringify(wanted.map(toContract)) === JSON.stringify(present.map(toContract))) return wanted;
    const body = { markers: wanted.map(toContract) };
    try {
      await setTitleMarkers(client, { title_id: titleId, etag: current.etag, body }, call);
      return wanted;
    } catch (error) {
      if (!isFlixError(error) || error.code !== "etag_stale" || attempt === tries) throw error;
    }
  }
}

function bare({ kind, startSeconds, endSeconds }: Marker): Marker {
  return { kind, startSeconds, ...(endSeconds === undefined ? {} : { endSeconds }) };
}

function fromContract(marker: TitleMarkers["markers"][number]): SourcedMarker {
  const { kind, start_seconds: startSeconds, end_seconds: endSeconds, source } = marker;
  return { kind, startSeconds, ...(endSeconds === undefined ? {} : { endSeconds }), source };
}

function toContract({ kind, startSeconds, endSeconds, source }: SourcedMarker) {
  const end = endSeconds === undefined ? {} : { end_seconds: endSeconds };
  return { kind, start_seconds: startSeconds, ...end, source };
}
